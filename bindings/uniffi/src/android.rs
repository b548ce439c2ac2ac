//! Preparation on Android before the first client: the app's context, for the verifier of certificates.
//!
//! `System.loadLibrary("icepanel_invites_ffi")` calls [`JNI_OnLoad`]. JNA, which loads the library a second time, does
//! not. Nobody has tried this on a device yet.

use std::ffi::c_void;

use jni::sys::{JNI_VERSION_1_6, jint};
use jni::{JavaVM, jni_sig, jni_str};

/// Called by the Java VM when it loads the library.
#[unsafe(no_mangle)]
extern "system" fn JNI_OnLoad(vm: *mut jni::sys::JavaVM, _reserved: *mut c_void) -> jint {
    // SAFETY: the Java VM hands over a pointer to itself.
    let vm = unsafe { JavaVM::from_raw(vm) };
    // Without a context the first client says what is missing.
    let _ = vm.attach_current_thread(|env| -> Result<(), jni::errors::Error> {
        let application = env
            .call_static_method(
                jni_str!("android/app/ActivityThread"),
                jni_str!("currentApplication"),
                jni_sig!(() -> android.app.Application),
                &[],
            )?
            .l()?;
        if !application.is_null() {
            let _ = icepanel_invites::init_android(env, application);
        }
        Ok(())
    });
    JNI_VERSION_1_6
}
