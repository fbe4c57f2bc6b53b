//! Timestamps on signatures: they prove the time of OFD and PDF, and what an authority returns is never taken on trust.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use certpress::crypto::cms::SignedData;
use certpress::crypto::sm3::Digest;
use certpress::crypto::timestamp::{Proof, TimeStampToken};
use certpress::crypto::trust::Trust;
use certpress::seal::{
    PdfProfile, SealError, SealOptions, Sealed, Sealer, SesVersion, SignError, TestAuthority,
    TimestampSource, write_demo,
};

use super::documents::{part, signatures};
use super::sample;

type Answer = Result<Vec<u8>, SignError>;

fn sealer() -> Sealer {
    Sealer::demo().unwrap().with_timestamps(Arc::new(TestAuthority::demo().unwrap()))
}

fn sealed(sealer: &Sealer, options: &SealOptions) -> Result<Sealed, SealError> {
    sealer.seal(Some(sample::ofd()), Some(sample::pdf(sealer)), options)
}

/// Trust in the demonstration seal's root, with its revocation list.
fn trust() -> &'static Trust {
    static TRUST: OnceLock<Trust> = OnceLock::new();
    TRUST.get_or_init(|| {
        let read = sample::demo_file;
        Trust::empty().with_roots(&read("root.crt")).unwrap().with_crls(&read("root.crl")).unwrap()
    })
}

fn proof(token: &[u8], value: &[u8]) -> Proof {
    TimeStampToken::parse(token).unwrap().check(&[value], &[], trust()).proof()
}

/// The value of a SES_Signature's signature, and its token.
fn in_ses(ses: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let elements = sample::elements(ses);
    assert_eq!(elements.len(), 5, "toSign, cert, signatureAlgID, signature, timeStamp");
    (sample::content(&elements[3]), sample::content(&sample::content(&elements[4])))
}

#[test]
fn every_signature_of_either_format_and_profile_gets_a_timestamp_that_proves_its_time() {
    for profile in PdfProfile::ALL {
        let options = sample::options().with_pdf_profile(profile);
        let one = sealed(&sealer(), &options).unwrap();
        assert_eq!(one, sealed(&sealer(), &options).unwrap(), "the same bytes again");

        let (value, token) = in_ses(&part(one.ofd.as_deref().unwrap(), "Doc_0/Signs/Sign_0/SignedValue.dat"));
        let Proof::Proven(at) = proof(&token, &value) else { panic!("{:?}", proof(&token, &value)) };
        assert_eq!(at.to_string(), "2026-03-05T08:00:00Z");
        assert!(matches!(proof(&token, b"another value"), Proof::Broken(_)));

        let der = &signatures(one.pdf.as_deref().unwrap())[0].1;
        let (value, token) = if profile == PdfProfile::GmSeal {
            in_ses(der)
        } else {
            let read = SignedData::parse(der).unwrap();
            (read.signers[0].signature.clone(), read.signers[0].timestamp_tokens[0].clone())
        };
        assert_eq!(proof(&token, &value), Proof::Proven(at), "{profile}");
    }
}

#[test]
fn a_seals_folder_has_an_authority_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    write_demo(dir.path(), sample::PASSWORD).unwrap();
    let opened = TestAuthority::open(dir.path(), sample::PASSWORD).unwrap();
    let sealer = Sealer::open(dir.path(), sample::PASSWORD).unwrap().with_timestamps(Arc::new(opened));
    assert_eq!(
        sealed(&sealer, &sample::options()).unwrap(),
        sealed(&self::sealer(), &sample::options()).unwrap()
    );
    let refused = TestAuthority::open(dir.path(), "another password").err().unwrap();
    assert!(refused.to_string().ends_with("tsa.key: the key does not open with this password"), "{refused}");
    let missing = TestAuthority::open(Path::new("no such folder"), "").err().unwrap();
    assert!(matches!(missing, SealError::File { .. }));
}

/// An authority whose answers are spoilt on the way.
struct Spoilt<F> {
    authority: TestAuthority,
    spoil: F,
}

impl<F: Fn(&[Digest], Vec<Answer>) -> Vec<Answer> + Send + Sync> TimestampSource for Spoilt<F> {
    fn max_len(&self) -> usize {
        self.authority.max_len()
    }

    fn stamp(&self, imprints: &[Digest], options: &SealOptions) -> Vec<Answer> {
        (self.spoil)(imprints, self.authority.stamp(imprints, options))
    }
}

#[test]
fn what_an_authority_returns_is_checked() {
    let spoilt = |spoil: fn(&[Digest], Vec<Answer>) -> Vec<Answer>| {
        let authority = TestAuthority::demo().unwrap();
        let sealer = Sealer::demo().unwrap().with_timestamps(Arc::new(Spoilt { authority, spoil }));
        sealed(&sealer, &sample::options()).map_err(|e| e.to_string())
    };
    assert_eq!(
        spoilt(|_, answers| answers),
        sealed(&sealer(), &sample::options()).map_err(|e| e.to_string())
    );
    let wrong = Err("the timestamp authority returned a wrong timestamp".to_owned());
    assert_eq!(spoilt(|_, answers| answers.into_iter().rev().collect()), wrong, "exchanged");
    let bent = spoilt(|_, mut answers| {
        answers.iter_mut().flatten().for_each(|token| *token.last_mut().unwrap() ^= 1);
        answers
    });
    assert_eq!(bent, wrong, "a bent signature");
    let refused = spoilt(|imprints, _| vec![Err(SignError::Fatal("closed".into())); imprints.len()]);
    assert_eq!(refused, Err("the signer refused: closed".into()));
    assert!(spoilt(|_, mut answers| answers.split_off(1)).is_err(), "too few");
}

#[test]
fn a_seal_whose_signatures_have_no_place_for_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut new = certpress::seal::NewSeal::new("样例单位", sample::time());
    new.version = SesVersion::V1;
    certpress::seal::create(&new, &sample::fonts(), dir.path(), "pw").unwrap();
    let authority = Arc::new(TestAuthority::open(dir.path(), "pw").unwrap());
    let sealer = Sealer::open(dir.path(), "pw").unwrap().with_timestamps(authority);
    assert!(matches!(sealed(&sealer, &sample::options()), Err(SealError::NoPlaceForTimestamp(_))));
    // A CMS signature in a PDF has one.
    assert!(sealer.seal(None, Some(sample::pdf(&sealer)), &sample::options()).is_ok());
}
