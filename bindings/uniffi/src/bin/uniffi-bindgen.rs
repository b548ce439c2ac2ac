//! Makes the Kotlin and the Swift of a built library: `uniffi-bindgen generate --library …`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
