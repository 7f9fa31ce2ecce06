package io.openedge.hub.auth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Whom a certificate was made for. Stateless. */
final class Subject {
    /** Kinds of subject alternative names that are text: e-mail, DNS, URI, IP. */
    private static final Set<Integer> TEXTS = Set.of(1, 2, 6, 7);

    private Subject() {}

    /** True when the common name, the innermost if there are several, or an alternative name is that name. */
    static boolean bears(X509Certificate certificate, String name) {
        return commonName(certificate, name) || alternative(certificate, name);
    }

    private static boolean commonName(X509Certificate certificate, String name) {
        try {
            List<Rdn> parts =
                    new LdapName(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                Attribute common = parts.get(i).toAttributes().get("CN");
                if (common != null) {
                    return name.equals(common.get());
                }
            }
            return false;
        } catch (InvalidNameException e) {
            return false;
        } catch (NamingException e) {
            throw new IllegalStateException("an attribute in memory cannot fail", e);
        }
    }

    private static boolean alternative(X509Certificate certificate, String name) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream().anyMatch(entry -> TEXTS.contains(entry.get(0)) && name.equals(entry.get(1)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
