//! P-256 for an app's library: key exchange and signatures of the crate `p256`, in place of ring's.
//!
//! ring's P-256 is the faster one and brings a table of 150 kB, a tenth of what an app would download
//! (`bindings/uniffi/docs/size.md`). What either accepts and comes to is the same, which the tests below hold.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use ring::digest;
use ring::rand::SecureRandom as _;
use rustls::crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use rustls::{NamedGroup, PeerMisbehaved};

pub(crate) static ECDSA_P256_SHA256: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    hash: &digest::SHA256,
    id: alg_id::ECDSA_SHA256,
};

pub(crate) static ECDSA_P256_SHA384: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    hash: &digest::SHA384,
    id: alg_id::ECDSA_SHA384,
};

pub(crate) static SECP256R1: &dyn SupportedKxGroup = &Ecdh;

/// Signatures over this hash.
#[derive(Debug)]
struct Ecdsa {
    hash: &'static digest::Algorithm,
    id: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = uncompressed(public_key).ok_or(InvalidSignature)?;
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        let hash = digest::digest(self.hash, message);
        VerifyingKey::from(key)
            .verify_prehash(hash.as_ref(), &signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.id
    }
}

/// A point on the curve, written down with both coordinates: TLS 1.3 has no other form, and ring reads no other.
fn uncompressed(point: &[u8]) -> Option<PublicKey> {
    match point {
        [4, ..] => PublicKey::from_sec1_bytes(point).ok(),
        _ => None,
    }
}

/// The exchange of keys.
#[derive(Debug)]
struct Ecdh;

impl SupportedKxGroup for Ecdh {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, rustls::Error> {
        loop {
            let mut bytes = [0; 32];
            ring::rand::SystemRandom::new()
                .fill(&mut bytes)
                .map_err(|_| GetRandomFailed)?;
            // One number in four thousand million is beyond the order of the curve.
            if let Ok(private) = SecretKey::from_slice(&bytes) {
                let public = private.public_key().to_sec1_bytes();
                return Ok(Box::new(Exchange { private, public }));
            }
        }
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp256r1
    }
}

/// One exchange under way.
struct Exchange {
    /// Wiped when it is dropped.
    private: SecretKey,
    public: Box<[u8]>,
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, rustls::Error> {
        let peer = uncompressed(peer).ok_or(PeerMisbehaved::InvalidKeyShare)?;
        let secret = p256::ecdh::diffie_hellman(self.private.to_nonzero_scalar(), peer.as_affine());
        Ok(SharedSecret::from(secret.raw_secret_bytes().as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp256r1
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    use p256::ecdsa::{DerSignature, SigningKey};
    use proptest::prelude::*;
    use rustls::crypto::ring::kx_group;
    use webpki::ring as theirs;

    use super::*;

    /// The verdict on a signature, which is ring's too.
    fn accepted(hash: &'static digest::Algorithm, key: &[u8], message: &[u8], der: &[u8]) -> bool {
        let (ours, ring) = match hash == &digest::SHA256 {
            true => (ECDSA_P256_SHA256, theirs::ECDSA_P256_SHA256),
            false => (ECDSA_P256_SHA384, theirs::ECDSA_P256_SHA384),
        };
        assert_eq!(ours.public_key_alg_id(), ring.public_key_alg_id());
        assert_eq!(ours.signature_alg_id(), ring.signature_alg_id());
        let verdict = ours.verify_signature(key, message, der).is_ok();
        let of_ring = ring.verify_signature(key, message, der).is_ok();
        assert_eq!(verdict, of_ring, "{key:02x?} {message:02x?} {der:02x?}");
        verdict
    }

    fn signed(
        private: &SecretKey,
        hash: &'static digest::Algorithm,
        message: &[u8],
    ) -> (Vec<u8>, Vec<u8>) {
        let key = SigningKey::from(private.clone());
        let hash = digest::digest(hash, message);
        let signature: DerSignature = key.sign_prehash(hash.as_ref()).expect("a signature");
        let public = private.public_key().to_sec1_bytes();
        (public.to_vec(), signature.as_bytes().to_vec())
    }

    fn private() -> impl Strategy<Value = SecretKey> {
        any::<[u8; 32]>().prop_filter_map("beyond the order", |bytes| {
            SecretKey::from_slice(&bytes).ok()
        })
    }

    fn hash() -> impl Strategy<Value = &'static digest::Algorithm> {
        prop::sample::select(vec![&digest::SHA256, &digest::SHA384])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_signature_is_accepted_and_none_that_was_changed(
            private in private(),
            hash in hash(),
            message in prop::collection::vec(any::<u8>(), 1..200),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let (key, der) = signed(&private, hash, &message);
            prop_assert!(accepted(hash, &key, &message, &der));
            let change = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                bytes
            };
            prop_assert!(!accepted(hash, &change(&key), &message, &der));
            prop_assert!(!accepted(hash, &key, &change(&message), &der));
            prop_assert!(!accepted(hash, &key, &message, &change(&der)));
            let cut = at.index(der.len());
            prop_assert!(!accepted(hash, &key, &message, &der[..cut]));
            let other = if hash == &digest::SHA256 { &digest::SHA384 } else { &digest::SHA256 };
            prop_assert!(!accepted(other, &key, &message, &der));
        }

        #[test]
        fn both_sides_come_to_the_same_secret(turned in any::<bool>()) {
            let (one, other) = if turned { (kx_group::SECP256R1, SECP256R1) } else { (SECP256R1, kx_group::SECP256R1) };
            let (one, other) = (one.start().expect("keys"), other.start().expect("keys"));
            prop_assert_eq!(one.group(), other.group());
            let keys = (one.pub_key().to_vec(), other.pub_key().to_vec());
            let secrets = (one.complete(&keys.1).expect("a secret"), other.complete(&keys.0).expect("a secret"));
            prop_assert_eq!(secrets.0.secret_bytes(), secrets.1.secret_bytes());
        }

        /// A key that is none is refused, by both.
        #[test]
        fn what_is_no_point_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..80), first in 0..6_u8, length in any::<bool>()) {
            let mut bytes = bytes;
            if length { bytes.resize(65, 7) }
            if let Some(byte) = bytes.first_mut() { *byte = first }
            for group in [SECP256R1, kx_group::SECP256R1] {
                prop_assert!(group.start().expect("keys").complete(&bytes).is_err(), "{:02x?}", bytes);
            }
        }
    }

    #[test]
    fn a_compressed_point_is_refused_as_ring_refuses_it() {
        let private = SecretKey::from_slice(&[7; 32]).expect("a key");
        let (key, der) = signed(&private, &digest::SHA256, b"message");
        assert!(accepted(&digest::SHA256, &key, b"message", &der));
        let compressed = [&[2 + (key[64] & 1)], &key[1..33]].concat();
        assert!(PublicKey::from_sec1_bytes(&compressed).is_ok());
        assert!(!accepted(&digest::SHA256, &compressed, b"message", &der));
        assert!(
            SECP256R1
                .start()
                .expect("keys")
                .complete(&compressed)
                .is_err()
        );
    }

    /// RFC 5903, section 8.1.
    #[test]
    fn the_secret_of_the_rfc() {
        let hex = |text: &str| -> Vec<u8> {
            (0..text.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
                .collect()
        };
        let i = "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433";
        let peer = "04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63\
                    56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB";
        let shared = "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE";
        let private = SecretKey::from_slice(&hex(i)).expect("a key");
        let public = private.public_key().to_sec1_bytes();
        let exchange = Box::new(Exchange { private, public });
        let secret = exchange.complete(&hex(peer)).expect("a secret");
        assert_eq!(secret.secret_bytes(), hex(shared));
    }
}
