# syntax=docker/dockerfile:1
# `docker build --tag idc .` builds it from the sources. The release builds the stage `release`, out of its own archives.

# No shell and no libraries, and the certificates of the authorities.
FROM gcr.io/distroless/static-debian13:nonroot@sha256:f7f8f729987ad0fdf6b05eeeae94b26e6a0f613bdf46feea7fc40f7bd72953e6 AS base
ENTRYPOINT ["/usr/bin/idc"]

FROM base AS release
ARG TARGETARCH
COPY dist/$TARGETARCH/idc /usr/bin/idc

FROM rust:1.95.0-alpine AS build
# Without it there is no commit to name: the checkout's history stays out.
ARG IDC_COMMIT
WORKDIR /source
COPY . .
RUN cargo build --locked --release

FROM base
COPY --from=build /source/target/release/idc /usr/bin/idc
