#!/usr/bin/env bash
# Builds the libraries of the Android project bindings/kotlin/android for four ABIs, and checks that they are aligned to pages of 16 KiB.
# It needs rustup, the NDK (r27 or later) in ANDROID_NDK_HOME, and `cargo xtask kotlin` for the Kotlin sources.
set -euo pipefail

cd "$(dirname "$0")/../../.."
tools=$(echo "${ANDROID_NDK_HOME:?the folder of the NDK}"/toolchains/llvm/prebuilt/*/bin)
level=26
libraries=bindings/kotlin/android/src/main/jniLibs
name=libicepanel_invites_ffi.so

# ABI, Rust's name of the target, Clang's name of it
build() {
    local abi=$1 target=$2 clang=$tools/$3$level-clang
    local variable=${target//-/_}
    rustup target add "$target"
    env "CC_$variable=$clang" "AR_$variable=$tools/llvm-ar" "CARGO_TARGET_${variable^^}_LINKER=$clang" \
        RUSTFLAGS="-C force-frame-pointers=yes -C link-arg=-Wl,-z,max-page-size=16384" \
        cargo rustc --locked --package icepanel-invites-uniffi --lib --crate-type=cdylib --profile=app --target "$target"
    mkdir -p "$libraries/$abi"
    "$tools/llvm-strip" -o "$libraries/$abi/$name" "target/$target/app/$name"
    "$tools/llvm-readelf" --program-headers --wide "$libraries/$abi/$name" |
        awk '$1 == "LOAD" && $NF != "0x4000" { print "not aligned to 16 KiB: " $0; failed = 1 } END { exit failed }'
}

build arm64-v8a aarch64-linux-android aarch64-linux-android
build armeabi-v7a armv7-linux-androideabi armv7a-linux-androideabi
build x86_64 x86_64-linux-android x86_64-linux-android
build x86 i686-linux-android i686-linux-android
ls -l "$libraries"/*/"$name"
