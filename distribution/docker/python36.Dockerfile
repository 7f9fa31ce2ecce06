# Functions in Python 3: the base's own interpreter serves them. What else functions import belongs into an image made of this.
ARG BASE
FROM $BASE
USER 0
RUN python3 -c 'import sys, grpc, google.protobuf; sys.exit(sys.version_info < (3, 6))' || \
    { echo "the base needs a Python 3.6 or later with grpc and google.protobuf" >&2; exit 1; }
COPY tree/opt/openedge/bin /opt/openedge/bin
COPY tree/opt/openedge/lib/python /opt/openedge/lib/python
COPY tree/opt/openedge/lib/openedge/openedge-function-python36 /opt/openedge/lib/openedge/openedge-function-python36
RUN mkdir -p /var/db/openedge /var/log/openedge && chmod 1777 /var/db/openedge /var/log/openedge
ENV LANG=C.UTF-8
LABEL io.openedge.module=true
WORKDIR /
VOLUME /var/db/openedge
USER 10001:10001
ENTRYPOINT ["/opt/openedge/lib/openedge/openedge-function-python36/bin/openedge-function-python36"]
