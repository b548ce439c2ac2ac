//! TLS: rustls with ring, the system's authorities and the caller's.
//!
//! 1.2 and 1.3, and of what ring can do only this, so that the library of an app stays small:
//!
//! | kind | offered | left out, and why nothing is lost |
//! |---|---|---|
//! | cipher suites | AES-GCM, 128 and 256 bits | ChaCha20: TLS 1.3 demands AES of every server, and every server of 1.2 has it beside |
//! | key exchange | P-256, P-384 | X25519: TLS 1.3 demands P-256 of every server |
//! | signatures | ECDSA of P-256 and P-384, RSA | Ed25519: no public authority signs with it |
//! | keys of our own | RSA, ECDSA of P-256 and P-384, Ed25519 | none |
//!
//! With the feature `small-p256` what is done on P-256 is not ring's but that of the crate `p256`.

use std::sync::Arc;

use ring::rand::SecureRandom as _;
use rustls::SignatureScheme;
use rustls::crypto::ring::{cipher_suite, kx_group};
use rustls::crypto::{
    CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use webpki::ring as signature;
#[cfg(not(feature = "small-p256"))]
use {
    rustls::crypto::ring::kx_group::SECP256R1,
    webpki::ring::{ECDSA_P256_SHA256, ECDSA_P256_SHA384},
};

use crate::error::InviteError;
#[cfg(feature = "small-p256")]
use crate::p256::{ECDSA_P256_SHA256, ECDSA_P256_SHA384, SECP256R1};
use crate::trust;

/// The set-up of TLS. If it is not needed, for http on this machine, neither the system's authorities are
/// read, which takes tens of milliseconds, nor those that variables name; the options are checked all the
/// same.
pub(crate) fn config(
    authorities: &trust::Sources,
    identity: Option<&[u8]>,
    needed: bool,
) -> Result<rustls::ClientConfig, InviteError> {
    let provider = Arc::new(provider());
    let authorities = authorities.read(needed)?;
    let identity = identity.map(trust::identity).transpose()?;
    let config = rustls::ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            InviteError::invalid_input(format!("TLS cannot be set up: {error}")).with_source(error)
        })?;
    let config = match needed {
        // "Dangerous" is any verifier that is not rustls' own; this one is the platform's.
        true => config
            .dangerous()
            .with_custom_certificate_verifier(authorities.verifier(provider)?),
        false => config.with_root_certificates(rustls::RootCertStore::empty()),
    };
    match identity {
        Some((chain, key)) => config
            .with_client_auth_cert(chain, key)
            .map_err(trust::identity_refused),
        None => Ok(config.with_no_client_auth()),
    }
}

/// Put together by hand: whoever names rustls' own provider links all of it.
fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ],
        kx_groups: vec![SECP256R1, kx_group::SECP384R1],
        signature_verification_algorithms: SIGNATURES,
        secure_random: &Ring,
        key_provider: &Ring,
    }
}

static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        ECDSA_P256_SHA256,
        ECDSA_P256_SHA384,
        signature::ECDSA_P384_SHA256,
        signature::ECDSA_P384_SHA384,
        signature::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        signature::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        signature::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        signature::RSA_PKCS1_2048_8192_SHA256,
        signature::RSA_PKCS1_2048_8192_SHA384,
        signature::RSA_PKCS1_2048_8192_SHA512,
        signature::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        signature::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        signature::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    mapping: &[
        (
            SignatureScheme::ECDSA_NISTP384_SHA384,
            &[signature::ECDSA_P384_SHA384, ECDSA_P256_SHA384],
        ),
        (
            SignatureScheme::ECDSA_NISTP256_SHA256,
            &[ECDSA_P256_SHA256, signature::ECDSA_P384_SHA256],
        ),
        (
            SignatureScheme::RSA_PSS_SHA512,
            &[signature::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA384,
            &[signature::RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA256,
            &[signature::RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA512,
            &[signature::RSA_PKCS1_2048_8192_SHA512],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA384,
            &[signature::RSA_PKCS1_2048_8192_SHA384],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA256,
            &[signature::RSA_PKCS1_2048_8192_SHA256],
        ),
    ],
};

/// Random numbers and signatures of ring.
#[derive(Debug)]
struct Ring;

impl SecureRandom for Ring {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), GetRandomFailed> {
        ring::rand::SystemRandom::new()
            .fill(buffer)
            .map_err(|_| GetRandomFailed)
    }
}

impl KeyProvider for Ring {
    fn load_private_key(
        &self,
        key: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        rustls::crypto::ring::sign::any_supported_type(&key)
    }
}

#[cfg(test)]
mod tests {
    use rustls::NamedGroup;
    use rustls::crypto::ring::default_provider;
    use rustls::pki_types::{SignatureVerificationAlgorithm, alg_id};

    use super::*;

    /// What is offered is what rustls offers, in its order, but for what the table above leaves out.
    #[test]
    fn nothing_else_is_left_out() {
        let (ours, theirs) = (provider(), default_provider());
        let suites = |provider: &CryptoProvider| -> Vec<String> {
            let names = provider.cipher_suites.iter();
            names.map(|suite| format!("{:?}", suite.suite())).collect()
        };
        let mut expected = suites(&theirs);
        expected.retain(|suite| !suite.contains("CHACHA20"));
        assert_eq!(suites(&ours), expected);

        let groups = |provider: &CryptoProvider| -> Vec<NamedGroup> {
            let groups = provider.kx_groups.iter();
            groups.map(|group| group.name()).collect()
        };
        let mut expected = groups(&theirs);
        expected.retain(|group| *group != NamedGroup::X25519);
        assert_eq!(groups(&ours), expected);

        let ids = |algorithms: &[&dyn SignatureVerificationAlgorithm]| -> Vec<_> {
            let algorithms = algorithms.iter();
            algorithms
                .map(|one| (one.public_key_alg_id(), one.signature_alg_id()))
                .filter(|ids| ids.1 != alg_id::ED25519)
                .collect()
        };
        let schemes = |provider: &CryptoProvider| -> Vec<_> {
            let mapping = provider.signature_verification_algorithms.mapping.iter();
            mapping.map(|(scheme, all)| (*scheme, ids(all))).collect()
        };
        let mut expected = schemes(&theirs);
        expected.retain(|(scheme, _)| *scheme != SignatureScheme::ED25519);
        assert_eq!(schemes(&ours), expected);

        let all = |provider: &CryptoProvider| ids(provider.signature_verification_algorithms.all);
        assert_eq!(all(&ours), all(&theirs));
    }
}
