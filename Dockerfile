# An image with one file, /swinit, for x86-64 and arm64. Use it as a base, or copy the file:
#
#   COPY --from=swinit /swinit /swinit
#   ENTRYPOINT ["/swinit", "--"]

ARG SWIFT_IMAGE=swift:6.3
FROM ${SWIFT_IMAGE} AS build
RUN test -e "/usr/lib/$(uname -m)-linux-musl/libc.a" \
    || (apt-get update && apt-get install -y --no-install-recommends musl-dev)
WORKDIR /source
COPY . .
RUN swift build -c release --product swinit --traits Musl \
    && install .build/release/swinit /swinit

FROM scratch
COPY --from=build /swinit /swinit
ENTRYPOINT ["/swinit", "--"]
