# Functions in Python 2.7: the base's own interpreter, which a Java beside it hosts where it has no grpc. What else functions
# import belongs into an image made of this.
ARG BASE
ARG MODULE
FROM $MODULE AS module
FROM $BASE
USER 0
COPY --from=module /opt /opt
RUN python2.7 -c 'pass' || { echo "the base needs a python2.7 on its PATH" >&2; exit 1; }
RUN /opt/java/bin/java -version || { echo "the base needs C and C++ libraries as new as those that the JDK was made for" >&2; exit 1; }
RUN mkdir -p /var/db/openedge /var/log/openedge && chmod 1777 /var/db/openedge /var/log/openedge
ENV JAVA_HOME=/opt/java LANG=C.UTF-8
LABEL io.openedge.module=true
WORKDIR /
VOLUME /var/db/openedge
USER 10001:10001
ENTRYPOINT ["/opt/openedge/lib/openedge/openedge-function-python27/bin/openedge-function-python27"]
