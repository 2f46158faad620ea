# syntax=docker/dockerfile:1
# A static binary in an image of nothing else: docker build -t saoma .
FROM docker.io/library/rust:1-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates make musl-tools tzdata
WORKDIR /src
COPY . .
RUN target=$(uname -m)-unknown-linux-musl && rustup target add "$target" && \
    cargo build --locked --profile dist --target "$target" -p saoma-api --bin saoma && cp "target/$target/dist/saoma" /saoma
# `right` and `posix` are the same zones again, by another count of seconds; the rest is what they are made from.
RUN cd /usr/share/zoneinfo && rm -rf right posix tzdata.zi leap* *.tab && \
    mkdir -p /empty/var/lib/saoma && chown -R 65532:65532 /empty/var/lib/saoma

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build --chown=65532:65532 /empty/var/lib/saoma /var/lib/saoma
COPY --from=build /saoma /saoma
USER 65532:65532
WORKDIR /var/lib/saoma
ENV SAOMA__SERVER__LISTEN=0.0.0.0:8080 SAOMA__SERVER__ADMIN_LISTEN=0.0.0.0:9090 SAOMA__LOG__FORMAT=json
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/saoma", "health"]
ENTRYPOINT ["/saoma"]
CMD ["serve"]
