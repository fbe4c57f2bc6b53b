//! The rooms of this crate, and which of them each may use: a test reads the sources and compares them with this list.
//!
//! A room is a module of the crate's root; the two readers are rooms of their own. Tests may use whatever they like.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room after all those that it uses. ARCHITECTURE.md tells the same order.
const ROOMS: &str = "
    unit:
    decimal:
    color:
    geom: unit
    diag:
    crypto:
    deflate:
    inflated: crypto
    shared: crypto deflate
    text: unit color geom
    page: unit color geom shared text
    licence: diag
    record: diag crypto page licence
    template: unit color geom diag record
    mark: unit geom crypto page licence
    compile: unit color geom diag text page licence record template mark
    layout: unit color geom diag crypto text page licence record mark compile
    ofd: unit color geom crypto deflate shared text page
    pdf: unit color geom crypto deflate shared text page
    png: color geom page
    ofd/read: unit color geom decimal crypto inflated text page
    pdf/read: unit geom decimal inflated page
    seal: unit color geom crypto text page ofd pdf
    error: diag record layout ofd pdf seal
    press: geom diag crypto text page licence record template mark compile layout ofd pdf seal error
    verify: unit color geom crypto page licence mark ofd/read pdf/read seal
    inspect: unit crypto page ofd/read pdf/read seal
    office: diag crypto text page licence record template compile ofd/read seal error press verify
    proof: unit color geom diag text page record template mark compile layout png ofd/read error press verify
    convert: geom crypto text page compile pdf png ofd/read verify
    batch: diag crypto licence record layout seal error press office
    cli: unit geom diag crypto text page licence record template mark compile layout png ofd/read seal error press verify inspect
         office proof convert batch
";

/// Those that read what anyone may have written: none of them uses a writer, so that a writer's mistake cannot hide itself.
const READERS: [&str; 4] = ["ofd/read", "pdf/read", "verify", "inspect"];
const WRITERS: [&str; 4] = ["ofd", "pdf", "layout", "press"];

/// Room by room, in order, what it may use.
fn rooms() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut rooms: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in ROOMS.lines().filter(|line| !line.trim().is_empty()) {
        match (line.split_once(':'), rooms.last_mut()) {
            (Some((room, used)), _) => rooms.push((room.trim(), used.split_whitespace().collect())),
            (None, Some((_, used))) => used.extend(line.split_whitespace()),
            (None, None) => {}
        }
    }
    rooms
}

#[test]
fn rooms_use_only_what_is_listed_and_all_of_that() {
    let allowed: BTreeMap<&str, Vec<&str>> = rooms().into_iter().collect();
    let mut used: BTreeMap<(String, String), String> = BTreeMap::new();
    for (room, target, place) in edges() {
        used.entry((room, target)).or_insert(place);
    }
    let mut wrong = Vec::new();
    for ((room, target), place) in &used {
        if !allowed.get(room.as_str()).is_some_and(|all| all.contains(&target.as_str())) {
            wrong.push(format!("{place}: {room} uses {target}, which is not listed"));
        }
    }
    for (room, targets) in &allowed {
        for target in targets {
            if !used.contains_key(&((*room).to_owned(), (*target).to_owned())) {
                wrong.push(format!("src/rooms.rs: {room} does not use {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_room_stands_after_those_it_uses_and_readers_use_no_writer() {
    let mut before = Vec::new();
    for (room, targets) in rooms() {
        for target in &targets {
            assert!(before.contains(target), "{room} stands before {target}, which it uses");
            let mixes = READERS.contains(&room) && WRITERS.contains(target);
            assert!(!mixes, "{room} reads, and uses {target}, which writes");
        }
        before.push(room);
    }
    let document = include_str!("../ARCHITECTURE.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let order = before.iter().map(|room| format!("`{room}`")).collect::<Vec<_>>().join(" ");
    assert!(document.contains(&order), "ARCHITECTURE.md lacks this order: {order}");
}

/// Every use of one room by another: the rooms, and where it stands.
fn edges() -> Vec<(String, String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let root = fs::read_to_string(source.join("lib.rs")).unwrap();
    let lent: BTreeMap<String, Vec<String>> = paths(&root, "pub use ")
        .into_iter()
        .filter_map(|(_, path)| Some((path.last()?.clone(), path)))
        .collect();
    let mut edges = Vec::new();
    for file in files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let mut module: Vec<String> =
            inside.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let Some(room) = room(&module).filter(|_| !["lib", "main", "rooms"].contains(&module[0].as_str()))
        else {
            continue;
        };
        if module.iter().any(|part| part == "tests") {
            continue;
        }
        module.retain(|part| part != "mod");
        let text = fs::read_to_string(&file).unwrap();
        let code = without_tests_and_comments(&text);
        let known = |path: &[String]| match lent.get(path.first()?) {
            Some(whole) => self::room(whole),
            None => self::room(path),
        };
        // The binary's own modules are one room; to it the library is a crate.
        let start = if room == "cli" { "certpress::" } else { "crate::" };
        let absolute = paths(&code, start);
        let relative = paths(&code, "super::").into_iter().map(|(at, path)| {
            let up = path.iter().take_while(|part| *part == "super").count() + 1;
            let stays = module.len().saturating_sub(up);
            (at, module[..stays].iter().cloned().chain(path.into_iter().skip(up - 1)).collect())
        });
        for (at, path) in absolute.into_iter().chain(relative) {
            if let Some(target) = known(&path).filter(|target| *target != room) {
                let line = code[..at].lines().count();
                edges.push((room.clone(), target, format!("src/{}:{line}", inside.display())));
            }
        }
    }
    edges
}

/// The room of a module's path.
fn room(path: &[String]) -> Option<String> {
    let room = path.first()?;
    let is_reader = ["ofd", "pdf"].contains(&room.as_str()) && path.get(1).is_some_and(|part| part == "read");
    Some(if is_reader { format!("{room}/read") } else { room.clone() })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let all = entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The code of a file, line for line, up to its tests.
fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path behind `start`, where it begins a word, with the place of `start`; of groups in braces each member.
fn paths(code: &str, start: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(start) {
        if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            let mut members = Vec::new();
            tree(&code[at + start.len()..], &mut Vec::new(), &mut members);
            found.extend(members.into_iter().map(|path| (at, path)));
        }
    }
    found
}

/// A use tree: `a::b`, `a::{b, c::d}`. Answers what is left of `code` behind it.
fn tree<'c>(code: &'c str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'c str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        while !rest.trim_start().is_empty() && !rest.trim_start().starts_with('}') {
            let depth = before.len();
            rest = tree(rest, before, found);
            before.truncate(depth);
            // `a as b`, then the next one.
            rest = rest.find([',', '}']).map_or("", |end| &rest[end..]);
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        return rest.trim_start().strip_prefix('}').unwrap_or_default();
    }
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    let (word, rest) = code.split_at(end);
    before.push(word.to_owned());
    match rest.strip_prefix("::") {
        Some(rest) => tree(rest, before, found),
        None => {
            found.push(before.clone());
            rest
        }
    }
}
