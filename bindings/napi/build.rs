//! Sets what the linker needs for an addon: on macOS, symbols that only Node has.

fn main() {
    napi_build::setup();
}
