//! The standard's example, a second implementation, and twins that must fail.

use sm2::dsa::signature::hazmat::PrehashSigner as _;
use zeroize::Zeroize as _;

use super::*;

/// GB/T 32918.5, annex A: M = "message digest" under the default identity.
const D: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const X: &str = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020";
const Y: &str = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const ZA: &str = "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3";
const E: &str = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640";
const R: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
const S: &str = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
/// The same with the nonce of RFC 6979.
const R_6979: &str = "24858ee71d63e687feefe41f5af80a59f0791eb1dabc2bbe71daf0e57f06c367";
const S_6979: &str = "3d15550de52785a435004c937256ac715c0e04176ac57062c6722fa692f7a491";
const MESSAGE: &[u8] = b"message digest";
/// The order n of the base point.
const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

fn bytes<const LEN: usize>(hex: &str) -> [u8; LEN] {
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn standard_key() -> SigningKey {
    SigningKey::from_bytes(&bytes(D)).unwrap()
}

/// `sm-crypto` panics on input out of range, so it only ever sees what the types here have checked.
fn second_opinion(key: &VerifyingKey, message: &[u8], signature: &Signature) -> bool {
    let public = hex(&key.to_sec1()[1..]);
    sm_crypto::sm2::Verify::new(&public).verify_der(message, &signature.to_der(), true)
}

#[test]
fn the_standards_public_key_za_and_e() {
    let key = standard_key();
    assert_eq!(hex(&key.verifying_key().to_sec1()), format!("04{X}{Y}"));
    assert_eq!(hex(key.verifying_key().za()), ZA);
    assert_eq!(hex(&key.verifying_key().digest(MESSAGE)), E);
}

#[test]
fn the_standards_signature_holds() {
    let signature = Signature::from_raw(&bytes(&format!("{R}{S}"))).unwrap();
    let key = standard_key();
    assert!(key.verifying_key().verify(MESSAGE, &signature));
    assert!(FastVerifyingKey::new(key.verifying_key()).verify_digest(&bytes(E), &signature));
    assert!(second_opinion(key.verifying_key(), MESSAGE, &signature));
}

#[test]
fn the_deterministic_signature_is_that_of_rfc_6979() {
    let signature = standard_key().sign(MESSAGE, Nonce::Deterministic).unwrap();
    assert_eq!(hex(&signature.to_raw()), format!("{R_6979}{S_6979}"));
}

#[test]
fn deterministic_signatures_are_those_of_the_crate_alone_or_together() {
    for d in 1..8 {
        let key = SigningKey::from_bytes(&[d; 32]).unwrap();
        let other = sm2::dsa::SigningKey::from_slice(DEFAULT_ID, &[d; 32]).unwrap();
        let digests: Vec<Digest> =
            (0..5).map(|i| [d.wrapping_mul(50) + i; 32]).chain([[0; 32], [255; 32]]).collect();
        let together = key.sign_digests(&digests, Nonce::Deterministic).unwrap();
        for (e, signature) in digests.iter().zip(&together) {
            assert_eq!(signature.0, other.sign_prehash(e).unwrap());
            assert_eq!(key.sign_digest(e, Nonce::Deterministic).as_ref(), Ok(signature));
        }
    }
}

#[test]
fn together_each_signature_is_judged_by_itself() {
    let key = standard_key();
    let digests: Vec<Digest> = (0..6).map(|i| [i; 32]).collect();
    let signatures = key.sign_digests(&digests, Nonce::Hedged).unwrap();
    let mut signed: Vec<_> = digests.into_iter().zip(signatures).collect();
    let fast = FastVerifyingKey::new(key.verifying_key());
    assert_eq!(fast.verify_digests(&signed), [true; 6]);
    signed[2].0[31] ^= 1;
    signed[4].1 = signed[5].1;
    assert_eq!(fast.verify_digests(&signed), [true, true, false, true, false, true]);
    assert_eq!(fast.verify_digests(&[]), [] as [bool; 0]);
}

#[test]
fn hedged_signatures_differ_and_hold_for_both_implementations_and_the_table() {
    let key = SigningKey::generate().unwrap();
    let public = key.verifying_key();
    let fast = FastVerifyingKey::new(public);
    let mut seen = Vec::new();
    for i in 0..16u8 {
        let message = [i; 40];
        let signature = key.sign(&message, Nonce::Hedged).unwrap();
        assert!(public.verify(&message, &signature));
        assert!(fast.verify_digest(&public.digest(&message), &signature));
        assert!(second_opinion(public, &message, &signature));
        seen.push(key.sign(MESSAGE, Nonce::Hedged).unwrap().to_raw());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 16);
}

#[test]
fn a_signature_of_the_second_implementation_holds_here() {
    let key = standard_key();
    let der = sm_crypto::sm2::Sign::new(D).sign_der(MESSAGE, true);
    assert!(key.verifying_key().verify(MESSAGE, &Signature::from_der(&der).unwrap()));
}

#[test]
fn a_tampered_message_signature_key_or_identity_does_not_hold() {
    let key = standard_key();
    let public = key.verifying_key();
    let fast = FastVerifyingKey::new(public);
    let signature = key.sign(MESSAGE, Nonce::Deterministic).unwrap();
    assert!(!public.verify(b"message digesT", &signature));
    assert!(!fast.verify_digest(&public.digest(b"message digesT"), &signature));
    for bit in [0, 255, 256, 511] {
        let mut raw = signature.to_raw();
        raw[bit / 8] ^= 1 << (bit % 8);
        let Ok(tampered) = Signature::from_raw(&raw) else { continue };
        assert!(!public.verify(MESSAGE, &tampered), "bit {bit}");
        assert!(!fast.verify_digest(&public.digest(MESSAGE), &tampered), "bit {bit}");
    }
    let other = SigningKey::generate().unwrap();
    assert!(!other.verifying_key().verify(MESSAGE, &signature));
    assert!(!public.with_id("ALICE123@YAHOO.COM").unwrap().verify(MESSAGE, &signature));
}

#[test]
fn r_and_s_of_zero_or_from_n_on_are_not_signatures() {
    let zero = "0".repeat(64);
    let most = "f".repeat(64);
    for (r, s) in [(&zero[..], S), (R, &zero[..]), (N, S), (R, N), (&most[..], S), (R, &most[..])] {
        assert_eq!(Signature::from_raw(&bytes(&format!("{r}{s}"))), Err(Sm2Error::Signature));
    }
}

#[test]
fn r_plus_s_of_n_does_not_hold() {
    // r = 1, s = n − 1: t = 0, which B5 refuses.
    let mut raw = [0; 64];
    raw[31] = 1;
    raw[32..].copy_from_slice(&bytes::<32>(N));
    raw[63] -= 1;
    let signature = Signature::from_raw(&raw).unwrap();
    let public = standard_key().verifying_key().clone();
    assert!(!public.verify(MESSAGE, &signature));
    assert!(!FastVerifyingKey::new(&public).verify_digest(&public.digest(MESSAGE), &signature));
}

#[test]
fn der_goes_both_ways_and_only_strict_der_is_read() {
    let signature = Signature::from_raw(&bytes(&format!("{R}{S}"))).unwrap();
    let der = signature.to_der();
    assert_eq!(der.len(), Signature::MAX_DER_LEN);
    assert_eq!(Signature::from_der(&der), Ok(signature));

    let with = |change: fn(&mut Vec<u8>)| {
        let mut twin = der.clone();
        change(&mut twin);
        Signature::from_der(&twin)
    };
    assert_eq!(with(|d| d.push(0)), Err(Sm2Error::Signature), "a trailing byte");
    assert_eq!(with(|d| d.truncate(d.len() - 1)), Err(Sm2Error::Signature), "a missing byte");
    assert_eq!(with(|d| drop(d.splice(1..2, [0x81, 70]))), Err(Sm2Error::Signature), "a long length");
    assert_eq!(with(|d| d[0] = 0x31), Err(Sm2Error::Signature), "a SET");
    assert_eq!(
        with(|d| {
            d.remove(4);
            d[3] -= 1;
            d[1] -= 1;
        }),
        Err(Sm2Error::Signature),
        "a negative r"
    );
    assert_eq!(
        with(|d| {
            d.insert(4, 0);
            d[3] += 1;
            d[1] += 1;
        }),
        Err(Sm2Error::Signature),
        "a padded r"
    );
    assert_eq!(Signature::from_der(&[]), Err(Sm2Error::Signature));
}

#[test]
fn scalars_that_cannot_sign_are_not_keys() {
    let mut most: [u8; 32] = bytes(N);
    assert_eq!(SigningKey::from_bytes(&most).err(), Some(Sm2Error::PrivateKey), "n");
    most[31] -= 1;
    assert_eq!(SigningKey::from_bytes(&most).err(), Some(Sm2Error::PrivateKey), "n - 1");
    most[31] -= 1;
    assert!(SigningKey::from_bytes(&most).is_ok(), "n - 2");
    assert_eq!(SigningKey::from_bytes(&[0; 32]).err(), Some(Sm2Error::PrivateKey), "0");
}

#[test]
fn a_point_off_the_curve_is_not_a_key() {
    let mut point = standard_key().verifying_key().to_sec1();
    assert!(VerifyingKey::from_sec1(&point).is_ok());
    point[64] ^= 1;
    assert_eq!(VerifyingKey::from_sec1(&point), Err(Sm2Error::PublicKey));
    assert_eq!(VerifyingKey::from_sec1(&[0]), Err(Sm2Error::PublicKey), "the point at infinity");
}

#[test]
fn an_encrypted_key_opens_with_its_password_only() {
    let key = standard_key();
    let pem = key.to_encrypted_pem("correct horse").unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let opened = SigningKey::from_encrypted_pem(&pem, "correct horse").unwrap();
    assert_eq!(opened.verifying_key(), key.verifying_key());
    assert_eq!(SigningKey::from_encrypted_pem(&pem, "wrong").err(), Some(Sm2Error::Password));
    assert_eq!(SigningKey::from_encrypted_pem("no PEM", "").err(), Some(Sm2Error::PrivateKey));
}

#[test]
fn a_key_does_not_print_its_secret() {
    let printed = format!("{:?}", standard_key());
    assert!(printed.contains(X) && !printed.contains(&D[..16]), "{printed}");
}

#[test]
fn a_key_stays_in_one_place_that_is_overwritten_at_last() {
    let key = SigningKey::generate().unwrap();
    let place = std::ptr::from_ref(&*key.secret);
    let mut moved = vec![key].pop().unwrap();
    assert!(std::ptr::eq(place, &*moved.secret));
    moved.secret.zeroize();
    assert!(std::ptr::eq(place, &*moved.secret));
    assert_eq!(moved.secret.d, Scalar::ZERO);
}
