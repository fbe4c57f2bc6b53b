//! The preview in a browser: one thread pulls proofs, others answer.
//!
//! In: saves, and what the page in the browser asks for. Out: the page, its state as JSON, and its pictures.
//! Invariant: only connections from this machine are taken; an answer is made of what is in memory, never of a file that a request names.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::{Value, json};

use certpress::proof::Finding;
use certpress::proof::overlay::Placed;
use certpress::unit::Length;

use super::super::check::row;
use super::super::failure::Failure;
use super::super::terminal::say;
use super::http::{Answer, Request};
use super::studio::{Pull, PulledPage, Studio, View};
use super::watch::{LOOK, Watched};
use super::{Arguments, undrawn};

/// The port, if it is free.
const PORT: u16 = 7300;
/// How long a browser waits for news before it asks again.
const NEWS: Duration = Duration::from_secs(20);
/// Browsers open a few connections each.
const MAX_CONNECTIONS: usize = 64;

const PAGE: &str = include_str!("page.html");
const JSON: &str = "application/json; charset=utf-8";

/// What all threads share.
struct Shared {
    port: u16,
    shown: Mutex<Shown>,
    news: Condvar,
    connections: AtomicUsize,
}

/// What is shown.
struct Shown {
    /// One more with each proof.
    version: u64,
    /// As JSON.
    state: Arc<[u8]>,
    /// PNG files.
    pages: Vec<Arc<[u8]>>,
    /// What the browser asks for.
    view: View,
}

/// Runs until the process is ended.
pub(super) fn run(arguments: &Arguments, mut studio: Studio<'_>, port: Option<u16>) -> Result<u8, Failure> {
    let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match port {
        Some(port) => listen(port),
        None => listen(PORT).or_else(|_| listen(0)),
    };
    let refused =
        |e| Failure::new(format!("cannot listen on 127.0.0.1: {e}"), "name another port: --serve=7301");
    let listener = listener.map_err(refused)?;
    let port = listener.local_addr().map_err(refused)?.port();
    let mut view = arguments.view();
    let shown = Shown { version: 0, state: Arc::from(*b"{}"), pages: Vec::new(), view };
    let (shown, news, connections) = (Mutex::new(shown), Condvar::new(), AtomicUsize::new(0));
    let shared = Arc::new(Shared { port, shown, news, connections });
    let mut wall = Wall::default();
    let begun = Instant::now();
    // A first page that cannot be made at all is a reason not to begin.
    let first = studio.pull(view)?;
    shared.publish(&mut wall, Ok(first), view, begun)?;
    let mut watched = Watched::new(studio.files());
    let answering = Arc::clone(&shared);
    std::thread::spawn(move || answering.listen(&listener));
    say(&format!("http://127.0.0.1:{port}/  (Ctrl-C ends it)"))?;
    loop {
        // The page comes first; then, while nobody saves, what the other records have to say.
        if let Some(findings) = studio.survey(|| !watched.is_stale() && shared.lock().view == view) {
            shared.tell(&mut wall, &findings);
        }
        let begun = loop {
            let begun = Instant::now();
            if watched.has_changed() || shared.lock().view != view {
                break begun;
            }
            std::thread::sleep(LOOK);
        };
        view = shared.lock().view;
        let pull = studio.pull(view);
        shared.publish(&mut wall, pull, view, begun)?;
        watched.look_at(studio.files());
    }
}

/// The last good proof, which stays while the layout is broken.
#[derive(Default)]
struct Wall {
    pages: Vec<Arc<[u8]>>,
    told: Vec<Value>,
    title: String,
    records: usize,
    /// One more with each.
    version: u64,
    /// What was last told of it.
    state: Value,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a proof, or the last good one with what hindered this; `begun` is when it was.
    fn publish(
        &self,
        wall: &mut Wall,
        pull: Result<Pull, Failure>,
        view: View,
        begun: Instant,
    ) -> Result<(), Failure> {
        let (pull, hindered) = match pull {
            Ok(pull) => (pull, None),
            Err(failure) => (Pull::default(), Some(failure.to_string())),
        };
        let good = !pull.pages.is_empty();
        if good {
            let files = pull.pages.par_iter().map(|page| page.picture.to_quick_png().map(Arc::from));
            wall.pages = files.collect::<Result<_, _>>().map_err(|e| undrawn(&e))?;
            wall.told = pull.pages.iter().map(page_of).collect();
            wall.title.clone_from(&pull.title);
            wall.version += 1;
        }
        if !pull.title.is_empty() {
            wall.records = pull.records;
        }
        let mut findings: Vec<Value> =
            pull.findings.iter().map(|finding| row(&wall.title, finding)).collect();
        findings.extend(
            hindered.map(
                |message| json!({ "severity": "error", "rule": "run", "message": message, "hints": [] }),
            ),
        );
        wall.state = json!({
            "good": good, "title": wall.title, "record": view.record, "records": wall.records, "caption": pull.caption,
            "dpi": view.dpi, "pictures": wall.version, "pages": wall.told, "findings": findings,
            "milliseconds": begun.elapsed().as_millis() as u64,
        });
        self.show(wall);
        Ok(())
    }

    /// Tells what all records show, if that is more.
    fn tell(&self, wall: &mut Wall, findings: &[Finding]) {
        let findings: Vec<Value> = findings.iter().map(|finding| row(&wall.title, finding)).collect();
        if wall.state["findings"] != json!(findings) {
            wall.state["findings"] = json!(findings);
            self.show(wall);
        }
    }

    fn show(&self, wall: &mut Wall) {
        let mut shown = self.lock();
        shown.version += 1;
        wall.state["version"] = json!(shown.version);
        shown.state = Arc::from(wall.state.to_string().into_bytes());
        shown.pages.clone_from(&wall.pages);
        drop(shown);
        self.news.notify_all();
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            if self.connections.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
                self.connections.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let shared = Arc::clone(self);
            std::thread::spawn(move || {
                // A browser that goes away in the middle is no mistake of anybody's.
                let _ = shared.answer(&mut stream);
                shared.connections.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    fn answer(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let Some(request) = Request::read(stream)? else {
            return Answer::refusal("400 Bad Request").write(stream);
        };
        if !request.is_meant(self.port) {
            return Answer::refusal("403 Forbidden").write(stream);
        }
        let page =
            request.path.strip_prefix("/page/").and_then(|rest| rest.strip_suffix(".png")?.parse().ok());
        match (request.method.as_str(), request.path.as_str(), page) {
            ("GET", "/", _) => Answer::of("text/html; charset=utf-8", PAGE.as_bytes()).write(stream),
            ("GET", "/state", _) => {
                let after = request.parameter("after").and_then(|v| v.parse().ok()).unwrap_or(0);
                let state = self.state_after(after);
                Answer::of(JSON, &state).write(stream)
            }
            ("GET", _, Some(index)) => {
                let index: usize = index;
                let picture = self.lock().pages.get(index).map(Arc::clone);
                match picture {
                    Some(picture) => Answer::of("image/png", &picture).write(stream),
                    None => Answer::refusal("404 Not Found").write(stream),
                }
            }
            ("POST", "/view", _) if request.is_own(self.port) => {
                self.want(&request);
                Answer::of(JSON, b"{}").write(stream)
            }
            ("POST", "/view", _) => Answer::refusal("403 Forbidden").write(stream),
            _ => Answer::refusal("404 Not Found").write(stream),
        }
    }

    /// The state, as soon as it is later than `version`; the same after a while without news.
    fn state_after(&self, version: u64) -> Arc<[u8]> {
        let shown = self.lock();
        let waited = self.news.wait_timeout_while(shown, NEWS, |shown| shown.version <= version);
        let (shown, _) = waited.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&shown.state)
    }

    /// What the browser asks for is made in a moment.
    fn want(&self, request: &Request) {
        let mut shown = self.lock();
        if let Some(record) = request.parameter("record").and_then(|v| v.parse().ok()) {
            shown.view.record = record;
        }
        if let Some(dpi) = request.parameter("dpi").and_then(|v| v.parse().ok()) {
            shown.view.dpi = f64::clamp(dpi, 30.0, 300.0);
        }
    }
}

/// A page: its size, and what lies over it.
fn page_of(page: &PulledPage) -> Value {
    let placed: Vec<Value> = page.placed.iter().map(box_of).collect();
    json!({ "width": page.size.width.to_mm(), "height": page.size.height.to_mm(), "boxes": placed })
}

/// A placed thing: millimetres on the page, and where it is written.
fn box_of(placed: &Placed) -> Value {
    let mm = |length: Length| (length.to_mm() * 100.0).round() / 100.0;
    let bounds = placed.bounds;
    let lines: Vec<[f64; 4]> =
        placed.baselines.iter().map(|(a, b)| [mm(a.x), mm(a.y), mm(b.x), mm(b.y)]).collect();
    let mut told = json!({
        "kind": placed.kind, "says": placed.says, "baselines": lines,
        "x": mm(bounds.x), "y": mm(bounds.y), "width": mm(bounds.width), "height": mm(bounds.height),
    });
    if let Some(span) = &placed.span {
        let (line, column) = span.line_column();
        told["file"] = json!(span.source.name);
        told["line"] = json!(line);
        told["column"] = json!(column);
    }
    told
}
