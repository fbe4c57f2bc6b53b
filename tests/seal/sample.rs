//! A blank page with a place for a seal, the demonstration seal's parts, and a second implementation of SM2.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use certpress::crypto::sm2::SigningKey;
use certpress::geom::{Rect, Size};
use certpress::page::{Document, Info, Master, MasterPage, Page, Resources, SealPlace, Standings, Timestamp};
use certpress::seal::{LocalSigner, SealOptions, Sealer, write_demo};
use certpress::text::Fonts;
use certpress::{ofd, pdf};
use der::asn1::Any;
use der::{Decode as _, Encode as _};

pub(crate) const PASSWORD: &str = "demo";

pub(crate) fn fonts() -> Fonts {
    Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()
}

pub(crate) fn time() -> Timestamp {
    Timestamp::parse("2026-03-05T08:00:00Z").unwrap()
}

pub(crate) fn options() -> SealOptions {
    SealOptions::at(time()).with_nonce(certpress::seal::Nonce::Deterministic)
}

/// Where the seal of `role` stands.
pub(crate) fn place(role: u16, x: f64) -> SealPlace {
    SealPlace { role, rect: Rect::mm(x, 225.0, 42.0, 42.0), clip: None }
}

fn document(seals: &[SealPlace]) -> Document {
    let page = MasterPage { size: Size::mm(210.0, 297.0), ..MasterPage::default() };
    let master = Arc::new(Master { pages: vec![page], ..Master::default() });
    Document {
        master,
        pages: vec![Page { seals: seals.to_vec(), ..Page::default() }],
        resources: Resources::default(),
        info: Info {
            id: "00112233445566778899aabbccddeeff".into(),
            title: "样例".into(),
            author: "样例".into(),
            subject: "样例".into(),
            created: time(),
            custom: Vec::new(),
            standings: Standings::default(),
            attachments: Vec::new(),
        },
    }
}

pub(crate) fn ofd() -> ofd::Unsealed {
    ofd_with(&[place(0, 130.0)])
}

pub(crate) fn ofd_with(seals: &[SealPlace]) -> ofd::Unsealed {
    let document = document(seals);
    ofd::Base::new(&document.master).unwrap().write(&document).unwrap()
}

pub(crate) fn pdf(sealer: &Sealer) -> pdf::Unsealed {
    pdf_with(&[sealer], &[place(0, 130.0)])
}

pub(crate) fn pdf_with(sealers: &[&Sealer], seals: &[SealPlace]) -> pdf::Unsealed {
    let document = document(seals);
    let artworks: Vec<_> = sealers.iter().map(|sealer| sealer.artwork()).collect();
    let base = pdf::Base::new(&document.master).unwrap().with_seals(&artworks).unwrap();
    base.write(&document).unwrap()
}

/// A file of the demonstration seal's folder, which is written once: its keys take their time.
pub(crate) fn demo_file(name: &str) -> Vec<u8> {
    static FILES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        write_demo(dir.path(), PASSWORD).unwrap();
        let files = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
        files.map(|f| (f.file_name().unwrap().to_str().unwrap().into(), std::fs::read(&f).unwrap())).collect()
    });
    files[name].clone()
}

/// The demonstration seal's data and what signs for it.
pub(crate) fn demo_parts() -> (Vec<u8>, LocalSigner) {
    let read = demo_file;
    let certificate = |name: &str| der::pem::decode_vec(&read(name)).unwrap().1;
    let key =
        SigningKey::from_encrypted_pem(&String::from_utf8(read("signer.key")).unwrap(), PASSWORD).unwrap();
    let signer = LocalSigner::new(key, certificate("signer.crt"), vec![certificate("root.crt")]).unwrap();
    (read("seal.esl"), signer)
}

/// The elements of a DER SEQUENCE or SET, each with its tag and length.
pub(crate) fn elements(der: &[u8]) -> Vec<Vec<u8>> {
    let whole = Any::from_der(der).unwrap();
    let mut rest = whole.value();
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (element, after) = Any::from_der_partial(rest).unwrap();
        elements.push(element.to_der().unwrap());
        rest = after;
    }
    elements
}

/// A DER SEQUENCE of 256 to 65535 bytes with these elements.
pub(crate) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    let body = elements.concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&[0x30, 0x82], &length[..], &body].concat()
}

/// The content of a DER value; of a BIT STRING without the count of unused bits.
pub(crate) fn content(der: &[u8]) -> Vec<u8> {
    let any = Any::from_der(der).unwrap();
    if der[0] == 3 { any.value()[1..].to_vec() } else { any.value().to_vec() }
}

/// Whether another implementation believes the strict DER `signature` over `message` by the key of the DER `certificate`.
pub(crate) fn second_opinion(certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    // sm-crypto panics on what is out of range: check range, DER and point before asking it.
    let certificate = certpress::crypto::x509::Certificate::parse(certificate).unwrap();
    certpress::crypto::sm2::Signature::from_der(signature).unwrap();
    let public: String =
        certificate.sm2_key().unwrap().to_sec1()[1..].iter().map(|b| format!("{b:02x}")).collect();
    sm_crypto::sm2::Verify::new(&public).verify_der(message, signature, true)
}

/// The digest of another implementation.
pub(crate) fn second_digest(bytes: &[u8]) -> Vec<u8> {
    let hex = sm_crypto::sm3::sm3_hash(bytes);
    (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}
