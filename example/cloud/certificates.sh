#!/usr/bin/env bash
# Makes an authority, and keys with certificates of it for the servers of a cloud and for one gateway.
#
#   bash certificates.sh FOLDER
set -euo pipefail
cd "$1"

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=example-ca 2>/dev/null
sign() { # NAME COMMON-NAME
    openssl genrsa -out "$1.key" 2048 2>/dev/null
    openssl req -new -key "$1.key" -out "$1.csr" -subj "/CN=$2"
    echo 'subjectAltName=DNS:localhost' >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" \
        -out "$1.pem" 2>/dev/null
    rm "$1.csr" "$1.ext"
}
sign server localhost
sign cloud cloud
sign gateway-1 gateway-1
openssl pkcs12 -export -in server.pem -inkey server.key -out server.p12 -passout pass:example
