FROM rust:1.95.0-bookworm AS build
WORKDIR /src
COPY . .
# SQLite, libpq and OpenSSL are compiled from vendored sources; the image has the C compiler, make and perl for that.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package steward \
    && cp target/release/steward /usr/local/bin/steward

FROM debian:12.12-slim
# ca-certificates for an S3-compatible store over TLS, curl for the health check.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin steward \
    && install --directory --owner=steward --group=steward --mode=0700 /var/lib/steward
COPY --from=build /usr/local/bin/steward /usr/local/bin/steward
USER 10001:10001
WORKDIR /var/lib/steward
# Embedded database, attachments and signing key, as far as they are kept here.
VOLUME /var/lib/steward
ENV STEWARD_DATA_DIR=/var/lib/steward \
    STEWARD_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=5 \
    CMD ["curl", "--fail", "--silent", "--show-error", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["steward"]
CMD ["serve"]
