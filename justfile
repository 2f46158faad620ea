# Every recipe is one line.

# List the recipes
default:
    @just --list

# Start the service with a simulated WeChat
demo:
    cargo run -- demo

# Run everything that decides whether a change is good
test:
    tests/run.sh

# Let nodes and stores fail under thousands of logins, and print the figures (20 minutes)
faults:
    SAOMA_FAULTS=full SAOMA_TEST_SERVERS=redis,sentinel,cluster,postgres,mariadb cargo test -p saoma-api --test faults

# Measure what the service costs beside bare floors: the table, or lines of it such as `poll` (3 minutes, after the build)
bench *lines: bench-build
    "${CARGO_TARGET_DIR:-target}/release/saoma-bench" table {{lines}}

# Measure the same with many more rows, under three times too much load, or with clients that wait: `growth`, `overload`, `waiting`
bench-long *what: bench-build
    "${CARGO_TARGET_DIR:-target}/release/saoma-bench" {{what}}

# Build what is measured, alone so that it is what others build, and what measures
bench-build:
    cargo build --locked --release -p saoma-api && cargo build --locked --release -p saoma-bench

# Run the micro-benchmarks
bench-parts *filter:
    cargo bench --locked -p saoma-bench -- {{filter}}

# Fuzz all that reads bytes of strangers, an hour in all; with cargo-fuzz where it is installed, else without libFuzzer
fuzz seconds="3600":
    if cargo fuzz --version > /dev/null 2>&1; then cd fuzz && for target in $(cargo fuzz list); do RUSTC_BOOTSTRAP=1 cargo fuzz run "$target" -- -max_len=4096 -max_total_time=$(({{seconds}} / 9)) || exit 1; done; else cargo run --release -p saoma-fuzz -- {{seconds}}; fi

# Run what needs no server
embedded:
    tests/run.sh --embedded

# Check formats, lints and arrows
check:
    cargo fmt --all --check && tests/arrows.sh && cargo clippy --workspace --all-targets -- -D warnings

# Format everything
fmt:
    cargo fmt --all

# Start the simulated WeChat alone
sandbox *args:
    cargo run -p saoma-sandbox -- {{args}}

# Serve with a configuration
serve config="saoma.toml":
    cargo run -- serve --config {{config}}

# Open the documentation of the crates
doc:
    cargo doc --workspace --no-deps --open

# Write what the service is made of as CycloneDX, into apps/api/saoma.cdx.json, without where that was
sbom:
    cargo cyclonedx --version > /dev/null 2>&1 || cargo install cargo-cyclonedx --locked; cargo cyclonedx --manifest-path apps/api/Cargo.toml --format json --override-filename saoma.cdx && find . -name saoma.cdx.json -not -path "./apps/api/*" -not -path "./target*" -delete && sed -i "s|file://$PWD/|file:///|g" apps/api/saoma.cdx.json

# Check licences, bans, sources and advisories
deny:
    cargo deny check

# Write the pages of all error codes anew from the tables of the code
errcodes:
    SAOMA_WRITE_DOCS=1 cargo test -p saoma-api --lib errcodes

# Build the last stage of the image around a static binary of this machine, and set it up and log people in; needs podman
try-image:
    tests/image.sh

# Build the whole Dockerfile, its first stage in a stand-in for Rust's image where that cannot be pulled; needs root, podman and debootstrap
try-dockerfile:
    tests/dockerfile.sh

# Install the Debian package in a fresh root of Debian, set it up, log a person in, and boot it with systemd; needs root and debootstrap
try-package:
    tests/package.sh

# Start compose.yaml with podman-compose, and log a person in through its proxy; needs root, podman and debootstrap
try-compose:
    tests/compose.sh

# Lint and render the Helm chart, and check it against the schemas of Kubernetes
try-chart:
    tests/chart.sh

# Make what is installed: a static binary, a Debian package and their checksums, in target/package
package:
    ops/package.sh

# Pack every public crate as a registry would get it, and look at what is in them
crates:
    cargo package --workspace --no-verify --exclude saoma-bench --exclude saoma-browser --exclude saoma-contract --exclude saoma-fuzz --exclude saoma-servers --exclude saoma-shop

# Build the image
image:
    docker build -t saoma .
