//! A signer behind a connection that drops, delays, spoils, repeats and cuts short what it carries.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use certpress::batch::name::NamePattern;
use certpress::batch::{Batch, BatchError, Folder, Head, Lasting, Status, Survey};
use certpress::crypto::sm2::{FastVerifyingKey, Signature};
use certpress::crypto::sm3::{self, Digest};
use certpress::crypto::x509::Certificate;
use certpress::seal::{
    Limits, LocalSigner, Nonce, RawSignature, RemoteSigner, Retry, SealSigner, Session, SignError, Transport,
};
use certpress::{Layout, Press, Record, RenderOptions, Sealer};

use super::sample;

/// What the server does to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Nothing.
    None,
    /// Closes the connection without an answer.
    Drop,
    /// Answers after the client has given up.
    Delay,
    /// Turns a bit of the first signature.
    Spoil,
    /// Answers, and then once more, which a next exchange might take for its own.
    Twice,
    /// Answers with one signature less.
    Short,
    /// Stops in the middle of a signature.
    Cut,
    /// Says that it will never sign this.
    Refuse,
}

const SOME: [Fault; 9] = [
    Fault::Drop,
    Fault::None,
    Fault::Delay,
    Fault::Spoil,
    Fault::Twice,
    Fault::None,
    Fault::Short,
    Fault::Cut,
    Fault::None,
];
/// Longer than the client waits for one exchange of a server with faults.
const DELAY: Duration = Duration::from_millis(150);
const PATIENCE: Duration = Duration::from_millis(60);

/// What a server has seen.
#[derive(Default)]
struct Seen {
    calls: AtomicUsize,
    largest: AtomicUsize,
    now: AtomicUsize,
    most_at_once: AtomicUsize,
    signed: Mutex<Vec<Digest>>,
    /// Turns every exchange into [`Fault::Drop`].
    is_down: AtomicBool,
}

/// A server on this machine, whose exchanges meet `faults` in turn.
fn serve(faults: &'static [Fault], latency: Duration) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let seen = Arc::clone(&shared);
            // Whatever ends a connection ends its thread.
            thread::spawn(move || converse(stream?, faults, latency, &seen));
        }
    });
    (address, seen)
}

fn converse(mut stream: TcpStream, faults: &[Fault], latency: Duration, seen: &Seen) -> io::Result<()> {
    loop {
        let digests = read_all::<32>(&mut stream)?;
        let call = seen.calls.fetch_add(1, Ordering::SeqCst);
        seen.largest.fetch_max(digests.len(), Ordering::SeqCst);
        seen.most_at_once.fetch_max(seen.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(latency);
        let answers = local().sign_digests(&digests, Nonce::Deterministic);
        let mut answer = (answers.len() as u32).to_be_bytes().to_vec();
        answers.into_iter().for_each(|signature| answer.extend(signature.unwrap().0));
        seen.signed.lock().unwrap().extend(&digests);
        seen.now.fetch_sub(1, Ordering::SeqCst);
        let down = seen.is_down.load(Ordering::SeqCst);
        match if down { Fault::Drop } else { faults[call % faults.len()] } {
            Fault::None => stream.write_all(&answer)?,
            Fault::Drop => return Ok(()),
            Fault::Delay => {
                thread::sleep(DELAY);
                stream.write_all(&answer)?;
            }
            Fault::Spoil => {
                answer[20] ^= 1;
                stream.write_all(&answer)?;
            }
            Fault::Twice => {
                stream.write_all(&answer)?;
                stream.write_all(&answer)?;
            }
            Fault::Short => {
                answer[..4].copy_from_slice(&(digests.len() as u32 - 1).to_be_bytes());
                stream.write_all(&answer[..answer.len() - 64])?;
            }
            Fault::Cut => return stream.write_all(&answer[..answer.len() - 30]),
            Fault::Refuse => stream.write_all(&u32::MAX.to_be_bytes())?,
        }
    }
}

/// A count and so many arrays.
fn read_all<const N: usize>(stream: &mut TcpStream) -> io::Result<Vec<[u8; N]>> {
    let mut count = [0; 4];
    stream.read_exact(&mut count)?;
    let count = u32::from_be_bytes(count);
    if count == u32::MAX {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let one = |_| {
        let mut bytes = [0; N];
        stream.read_exact(&mut bytes).map(|()| bytes)
    };
    (0..count).map(one).collect()
}

/// The client's side of the protocol: what a caller writes for the server at hand.
struct Client(SocketAddr, Duration);

struct Connection(TcpStream, Duration);

fn lost(error: &io::Error) -> SignError {
    SignError::Retryable(error.to_string())
}

impl Transport for Client {
    fn open(&self) -> Result<Box<dyn Session>, SignError> {
        Ok(Box::new(Connection(TcpStream::connect(self.0).map_err(|e| lost(&e))?, self.1)))
    }
}

impl Session for Connection {
    fn sign(
        &mut self,
        e: &[Digest],
        _: Nonce,
        within: Duration,
    ) -> Result<Vec<Result<RawSignature, SignError>>, SignError> {
        let mut exchange = || {
            let mut question = (e.len() as u32).to_be_bytes().to_vec();
            e.iter().for_each(|e| question.extend(e));
            self.0.set_read_timeout(Some(within.min(self.1).max(Duration::from_millis(1))))?;
            self.0.write_all(&question)?;
            read_all::<64>(&mut self.0)
        };
        match exchange() {
            Ok(answers) => Ok(answers.into_iter().map(|answer| Ok(RawSignature(answer))).collect()),
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Err(SignError::Fatal("not this".into())),
            Err(e) => Err(lost(&e)),
        }
    }
}

/// The key that the server holds, and its seal.
fn local() -> &'static LocalSigner {
    static LOCAL: OnceLock<LocalSigner> = OnceLock::new();
    LOCAL.get_or_init(|| sample::demo_parts().1)
}

fn remote(address: SocketAddr, batch: usize, in_flight: usize, retry: Retry) -> RemoteSigner {
    let client = Client(address, if retry == calm() { retry.deadline } else { PATIENCE });
    let certificate = local().certificate_der().to_vec();
    RemoteSigner::new(client, certificate, Vec::new(), Limits { batch, in_flight }, retry).unwrap()
}

/// Many attempts, short pauses.
fn patient() -> Retry {
    Retry {
        attempts: 20,
        pause: Duration::from_millis(1),
        longest: Duration::from_millis(4),
        deadline: Duration::from_secs(20),
    }
}

/// For a server without faults, on a machine that may be busy: one attempt, and time for it.
fn calm() -> Retry {
    Retry { attempts: 1, ..patient() }
}

fn digest(n: usize) -> Digest {
    sm3::digest(&n.to_be_bytes())
}

#[test]
fn every_digest_gets_its_own_signature_whatever_happens_on_the_way() {
    let (address, seen) = serve(&SOME, Duration::ZERO);
    let signer = remote(address, 5, 3, patient());
    let key = Certificate::parse(local().certificate_der()).unwrap();
    let key = FastVerifyingKey::new(key.sm2_key().unwrap());
    thread::scope(|scope| {
        for t in 0..8 {
            let (signer, key) = (&signer, &key);
            scope.spawn(move || {
                for i in 0..8 {
                    let digests = [digest(100 * t + 2 * i), digest(100 * t + 2 * i + 1)];
                    let answers = signer.sign_digests(&digests, Nonce::Deterministic);
                    assert_eq!(answers.len(), 2);
                    for (e, answer) in digests.iter().zip(answers) {
                        let signature = Signature::from_raw(&answer.unwrap().0).unwrap();
                        assert!(key.verify_digest(e, &signature));
                    }
                }
            });
        }
    });
    assert!(seen.calls.load(Ordering::SeqCst) > SOME.len(), "every fault was met");
}

#[test]
fn calls_are_gathered_and_no_more_are_in_flight_than_the_server_takes() {
    let (address, seen) = serve(&[Fault::None], Duration::from_millis(5));
    let signer = remote(address, 8, 2, calm());
    thread::scope(|scope| {
        for t in 0..24 {
            let signer = &signer;
            scope.spawn(move || {
                (0..4).for_each(|i| {
                    let answers = signer.sign_digests(&[digest(10 * t + i)], Nonce::Deterministic);
                    assert!(answers[0].is_ok(), "{answers:?}");
                });
            });
        }
    });
    let calls = seen.calls.load(Ordering::SeqCst);
    assert!(calls < 48, "{calls} calls for 96 digests");
    assert_eq!(seen.signed.lock().unwrap().len(), 96, "none was asked twice");
    assert!(seen.largest.load(Ordering::SeqCst) <= 8);
    assert!(seen.most_at_once.load(Ordering::SeqCst) <= 2);
}

#[test]
fn a_server_that_never_answers_is_given_up_by_the_deadline_and_a_refusal_at_once() {
    let retry = Retry { attempts: 1000, deadline: Duration::from_millis(150), ..patient() };
    let (address, seen) = serve(&[Fault::Drop, Fault::Delay], Duration::ZERO);
    let answers = remote(address, 4, 1, retry).sign_digests(&[digest(1), digest(2)], Nonce::Hedged);
    assert!(seen.calls.load(Ordering::SeqCst) < 1000, "the deadline comes before the last attempt");
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|a| matches!(a, Err(SignError::Unavailable(_)))), "{answers:?}");

    let (address, seen) = serve(&[Fault::Drop], Duration::ZERO);
    let few = Retry { attempts: 3, ..patient() };
    let answers = remote(address, 4, 1, few).sign_digests(&[digest(1)], Nonce::Hedged);
    assert!(
        matches!(&answers[0], Err(SignError::Unavailable(why)) if why.contains("asked 3 times")),
        "{answers:?}"
    );
    assert_eq!(seen.calls.load(Ordering::SeqCst), 3);

    let (address, seen) = serve(&[Fault::Refuse], Duration::ZERO);
    let answers = remote(address, 4, 1, patient()).sign_digests(&[digest(1)], Nonce::Hedged);
    assert_eq!(answers, [Err(SignError::Fatal("not this".into()))]);
    assert_eq!(seen.calls.load(Ordering::SeqCst), 1);
}

const LAYOUT: &str = r##"<layout xmlns="urn:certpress:layout:1" id="small" title="样例证书">
  <fields><field name="number" label="证书编号" type="text" required="true"/></fields>
  <page size="120x90mm">
    <text x="10mm" y="10mm" width="100mm" font="song" size="20pt">{{ number }}</text>
    <seal x="70mm" y="40mm" diameter="42mm"/>
  </page>
</layout>"##;

/// Renders twenty records into `folder`, with what `signer` signs.
fn run(press: &Press, folder: &Path, jobs: usize) -> Result<u64, BatchError> {
    let records = (1..=20).map(|i| Ok(Record::new().with("number", format!("R-{i:02}"))));
    let options =
        RenderOptions { time: Some(sample::time()), nonce: Nonce::Deterministic, ..RenderOptions::default() };
    let names = NamePattern::usual(["number"]);
    let batch = Batch {
        presses: press,
        options: &options,
        names: &names,
        shard: None,
        sm3: false,
        jobs: NonZeroUsize::new(jobs).unwrap(),
        max_errors: None,
        stop: &AtomicBool::new(false),
    };
    let (sink, mut journal) = Folder::resume(folder, &Head::new(press, 20), Lasting::Unsynced).unwrap();
    let all_done = |row: &certpress::batch::Row| assert_eq!(row.status, Status::Done, "{:?}", row.errors);
    batch.run(Survey::default(), records, &sink, &mut journal, all_done).map(|sum| sum.done)
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn a_batch_sealed_through_faults_and_an_outage_is_the_one_that_a_local_key_seals() {
    let fonts = Arc::new(sample::fonts());
    let press = Layout::from_text("small.xml", LAYOUT).unwrap().compile(&fonts).unwrap();
    let (esl, _) = sample::demo_parts();
    let sealed =
        |signer: Box<dyn SealSigner>| press.with_seal(Sealer::new(&esl, None, signer).unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let here = sample::demo_parts().1;
    let (locally, remotely) = (dir.path().join("locally"), dir.path().join("remotely"));
    let certificate = here.certificate_der().to_vec();
    let chain = here.chain_der().to_vec();
    assert_eq!(run(&sealed(Box::new(here)), &locally, 2).unwrap(), 20);

    let (address, seen) = serve(&SOME, Duration::ZERO);
    let away = |retry| {
        let limits = Limits { batch: 6, in_flight: 2 };
        let signer =
            RemoteSigner::new(Client(address, PATIENCE), certificate.clone(), chain.clone(), limits, retry)
                .unwrap();
        sealed(Box::new(signer))
    };
    // First the server is away: nobody's record is at fault, and the batch stops.
    seen.is_down.store(true, Ordering::SeqCst);
    let hasty = Retry { attempts: 2, ..patient() };
    let stopped = run(&away(hasty), &remotely, 1).unwrap_err();
    assert!(matches!(stopped, BatchError::Seal { row: 1, .. }), "{stopped}");
    seen.is_down.store(false, Ordering::SeqCst);
    // One worker, then many: whatever waits, none waits for another.
    assert_eq!(run(&away(patient()), &remotely, 8).unwrap(), 20);
    assert!(files(&remotely) == files(&locally), "the bytes differ");
    std::fs::remove_dir_all(&remotely).unwrap();
    assert_eq!(run(&away(patient()), &remotely, 1).unwrap(), 20);
    assert!(files(&remotely) == files(&locally), "the bytes differ");
}
