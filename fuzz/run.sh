#!/usr/bin/env bash
# Runs each fuzz target for so many seconds: fuzz/run.sh [SECONDS [TARGET...]]. See README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

seconds=${1:-60}
shift || true

# Coverage comes from an LLVM pass that stable compilers have too. The sanitizers need a nightly one, and find little in a program without
# unsafe code of its own: hence none. Debug assertions and overflow checks are on.
sanitizer=(--sanitizer none)

if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install cargo-fuzz --version 0.13.2 --locked
fi
if [[ $# -eq 0 ]]; then
    mapfile -t targets < <(cargo fuzz list)
else
    targets=("$@")
fi

# Sealed documents and every forgery of tests/attacks to begin with.
CERTPRESS_FUZZ_CORPUS=$PWD/corpus cargo test --quiet --manifest-path ../Cargo.toml --test attacks corpus_is_written -- --ignored >/dev/null
status=0
for target in "${targets[@]}"; do
    dictionary=(dictionaries/"$target".dict)
    [[ -f ${dictionary[0]} ]] && dictionary=(-dict="${dictionary[0]}") || dictionary=()
    seeds=seeds/$target
    mkdir -p "corpus/$target" "$seeds"
    printf '== %s\n' "$target"
    cargo fuzz run "${sanitizer[@]}" "$target" "corpus/$target" "$seeds" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -max_len=262144 \
        -print_final_stats=1 -verbosity=0 "${dictionary[@]}" || status=1
done
exit "$status"
