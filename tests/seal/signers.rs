//! What a signer returns is never taken on trust.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use certpress::crypto::sm2::SigningKey;
use certpress::crypto::sm3::Digest;
use certpress::seal::{
    Limits, LocalSigner, Nonce, RawSignature, SealError, SealSigner, Sealer, SignError, Unsealed,
    seal_all_in_turn,
};

use super::sample;

type Answer = Result<RawSignature, SignError>;

/// A signer whose answers are spoilt on the way.
struct Spoilt<F> {
    signer: LocalSigner,
    limits: Limits,
    spoil: F,
}

impl<F: Fn(&[Digest], Vec<Answer>) -> Vec<Answer> + Send + Sync> SealSigner for Spoilt<F> {
    fn certificate_der(&self) -> &[u8] {
        self.signer.certificate_der()
    }

    fn chain_der(&self) -> &[Vec<u8>] {
        self.signer.chain_der()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn sign_digests(&self, e: &[Digest], nonce: Nonce) -> Vec<Answer> {
        (self.spoil)(e, self.signer.sign_digests(e, nonce))
    }
}

pub(crate) fn sealer_with(
    limits: Limits,
    spoil: impl Fn(&[Digest], Vec<Answer>) -> Vec<Answer> + Send + Sync + 'static,
) -> Sealer {
    let (esl, signer) = sample::demo_parts();
    Sealer::new(&esl, None, Box::new(Spoilt { signer, limits, spoil })).unwrap()
}

fn spoilt(spoil: impl Fn(&[Digest], Vec<Answer>) -> Vec<Answer> + Send + Sync + 'static) -> SealError {
    let sealer = sealer_with(Limits { batch: 8, in_flight: 8 }, spoil);
    sealer.seal(Some(sample::ofd()), Some(sample::pdf(&sealer)), &sample::options()).unwrap_err()
}

#[test]
fn both_documents_take_one_call_and_a_small_batch_takes_more() {
    for (batch, calls) in [(8, vec![2]), (1, vec![1, 1])] {
        let seen: &'static Mutex<Vec<usize>> = Box::leak(Box::default());
        let sealer = sealer_with(Limits { batch, in_flight: 1 }, move |e, answers| {
            seen.lock().unwrap().push(e.len());
            answers
        });
        sealer.seal(Some(sample::ofd()), Some(sample::pdf(&sealer)), &sample::options()).unwrap();
        assert_eq!(*seen.lock().unwrap(), calls);
    }
}

#[test]
fn answers_that_do_not_verify_are_refused() {
    let swapped = spoilt(|_, mut answers| {
        answers.reverse();
        answers
    });
    assert!(matches!(swapped, SealError::WrongSignature(_)), "{swapped}");
    let byte_order = spoilt(|_, answers| {
        answers
            .into_iter()
            .map(|a| {
                a.map(|mut s| {
                    s.0[..32].reverse();
                    s.0[32..].reverse();
                    s
                })
            })
            .collect()
    });
    assert!(matches!(byte_order, SealError::WrongSignature(_)), "{byte_order}");
    let zeros = spoilt(|e, _| vec![Ok(RawSignature([0; 64])); e.len()]);
    assert!(matches!(zeros, SealError::WrongSignature(_)), "{zeros}");
    let other_key = spoilt(|e, _| {
        let key = SigningKey::generate().unwrap();
        e.iter().map(|e| Ok(key.sign_digest(e, Nonce::Hedged).unwrap().into())).collect()
    });
    assert!(matches!(other_key, SealError::WrongSignature(_)), "{other_key}");
}

#[test]
fn fewer_or_more_answers_than_digests_are_refused() {
    let few = spoilt(|_, mut answers| {
        answers.pop();
        answers
    });
    assert!(matches!(few, SealError::Signer(SignError::Fatal(_))), "{few}");
    let more = spoilt(|_, mut answers| {
        answers.push(answers[0].clone());
        answers
    });
    assert!(matches!(more, SealError::Signer(SignError::Fatal(_))), "{more}");
}

#[test]
fn a_busy_signer_is_asked_again_and_given_up_at_last() {
    let asked: &'static AtomicUsize = Box::leak(Box::default());
    let busy_once = sealer_with(Limits { batch: 8, in_flight: 8 }, |_, answers| {
        if asked.fetch_add(1, Ordering::Relaxed) == 0 {
            return vec![Err(SignError::Retryable("busy".into())); answers.len()];
        }
        answers
    });
    busy_once.seal(Some(sample::ofd()), None, &sample::options()).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);

    let always = spoilt(|e, _| vec![Err(SignError::Retryable("busy".into())); e.len()]);
    assert!(matches!(always, SealError::Signer(SignError::Retryable(_))), "{always}");
    let never = spoilt(|e, _| vec![Err(SignError::Fatal("no such slot".into())); e.len()]);
    assert_eq!(never.to_string(), "the signer refused: no such slot");
}

#[test]
fn a_wrong_answer_or_none_hinders_only_its_document_and_the_busy_are_asked_again_together() {
    let asked: &'static Mutex<Vec<usize>> = Box::leak(Box::default());
    let sealer = sealer_with(Limits { batch: 9, in_flight: 1 }, |_, mut answers| {
        let mut asked = asked.lock().unwrap();
        asked.push(answers.len());
        if asked.len() == 1 {
            // Of four documents: the PDF of the first, both of the second, the OFD of the third.
            answers[2] = Err(SignError::Retryable("busy".into()));
            answers[3] = answers[2].clone();
            answers[1] = answers[0].clone();
            answers[4] = Err(SignError::Fatal("no".into()));
        }
        answers
    });
    let document = || Unsealed { ofd: Some(sample::ofd()), pdf: Some(sample::pdf(&sealer)) };
    let documents = (0..4).map(|_| document()).collect();
    let sealed = seal_all_in_turn(&sealer, &[], documents, &sample::options());
    assert_eq!(*asked.lock().unwrap(), [8, 2], "one call, and one for those who may be asked again");
    assert!(matches!(sealed[0], Err(SealError::WrongSignature(_))), "{:?}", sealed[0].is_ok());
    assert!(matches!(sealed[2], Err(SealError::Signer(SignError::Fatal(_)))));
    let alone = sealer.seal(Some(sample::ofd()), Some(sample::pdf(&sealer)), &sample::options()).unwrap();
    assert!([1, 3].iter().all(|&i| *sealed[i].as_ref().unwrap() == alone));
}

#[test]
fn a_signer_that_the_seal_does_not_list_is_refused() {
    let (esl, _) = sample::demo_parts();
    let dir = tempfile::tempdir().unwrap();
    let other = certpress::seal::NewSeal::new("另一个测试单位", sample::time());
    certpress::seal::create(&other, &sample::fonts(), dir.path(), "pw").unwrap();
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    let certificate = der::pem::decode_vec(&read("signer.crt")).unwrap().1;
    let key = SigningKey::from_encrypted_pem(&String::from_utf8(read("signer.key")).unwrap(), "pw").unwrap();
    let signer = LocalSigner::new(key, certificate, Vec::new()).unwrap();
    let error = Sealer::new(&esl, None, Box::new(signer)).unwrap_err();
    assert!(matches!(error, SealError::SignerNotListed(_)), "{error}");
}

#[test]
fn a_seal_that_was_changed_after_its_maker_signed_it_is_refused() {
    let (mut esl, signer) = sample::demo_parts();
    let name = esl.windows(9).position(|w| w == "样例省".as_bytes()).unwrap();
    esl[name..name + 9].copy_from_slice("真实省".as_bytes());
    let error = Sealer::new(&esl, None, Box::new(signer)).unwrap_err();
    assert!(matches!(error, SealError::NotSignedByMaker(_)), "{error}");
}

#[test]
fn a_seal_whose_maker_signed_with_another_algorithm_is_refused() {
    let (esl, signer) = sample::demo_parts();
    let mut parts = sample::elements(&esl);
    // The last arc of SM2 with SM3, 501, becomes 504.
    *parts[2].last_mut().unwrap() = 0x78;
    let error = Sealer::new(&sample::sequence(&parts), None, Box::new(signer)).unwrap_err();
    assert!(matches!(error, SealError::MakerNotSm2(_)), "{error}");
}

#[test]
fn a_key_and_a_certificate_that_do_not_belong_together_are_refused() {
    let (_, signer) = sample::demo_parts();
    let key = SigningKey::generate().unwrap();
    assert!(LocalSigner::new(key, signer.certificate_der().to_vec(), Vec::new()).is_err());
}
