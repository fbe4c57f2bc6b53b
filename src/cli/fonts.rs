//! `certpress fonts`: the faces that layouts may name, and whose names they can print.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use certpress::text::coverage::{Coverage, Repertoire};
use certpress::text::{FaceId, Fonts};

use super::failure::Failure;
use super::press::FontArguments;
use super::terminal::{grouped, say};
use super::{ALL_DONE, SOME_FAILED};

/// The arguments of `certpress fonts`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Look for the faces that ship around this layout, as `certpress render` does [default: around here]
    #[arg(value_name = "LAYOUT")]
    layout: Option<PathBuf>,

    /// Tell which face shows each character of TEXT, where the face of --face is asked for
    #[arg(long, value_name = "TEXT", conflicts_with = "missing")]
    text: Option<String>,

    /// List the characters of a repertoire that are not covered: by --face, or by all faces in their order
    #[arg(long, value_name = "REPERTOIRE")]
    missing: Option<Name>,

    /// One face, by its name or an alias
    #[arg(long, value_name = "NAME")]
    face: Option<String>,

    /// Answer in JSON, one object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    fonts: FontArguments,
}

/// A repertoire on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// The 6,763 ideographs of GB/T 2312.
    Gb2312,
    /// The 8,105 characters of 通用规范汉字表.
    Common,
    /// GB 18030-2022, implementation level 1.
    #[value(name = "level-1")]
    Level1,
    /// Level 2.
    #[value(name = "level-2")]
    Level2,
    /// Level 3.
    #[value(name = "level-3")]
    Level3,
}

impl From<Name> for Repertoire {
    fn from(name: Name) -> Repertoire {
        match name {
            Name::Gb2312 => Repertoire::Gb2312,
            Name::Common => Repertoire::Common,
            Name::Level1 => Repertoire::Level1,
            Name::Level2 => Repertoire::Level2,
            Name::Level3 => Repertoire::Level3,
        }
    }
}

const AFTER_HELP: &str = "\
Examples:
  The faces, their names, and how much of each standard's repertoire they cover:
      certpress fonts

  Whether a holder's name can be printed in 楷体, and by which faces:
      certpress fonts --face kai --text 𬱖䶮

  The common characters that a face of your own lacks:
      certpress fonts --fonts my-fonts --face my-song --missing common

A character that the named face lacks is taken from the first face of the fallback chain that has it; one that no face has is an error of the record.

Exit codes: 0 answered, 1 some of the characters asked for are not covered, 2 could not run.";

/// Lists faces, or answers for characters.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let beside = arguments.layout.as_deref().unwrap_or(Path::new("layouts/any.xml"));
    let fonts = arguments.fonts.open(beside)?;
    let face = match &arguments.face {
        None => None,
        Some(name) => Some(fonts.find(name).ok_or_else(|| {
            let known: Vec<_> = fonts.names().collect();
            Failure::new(
                format!("no face goes by this name: {name}"),
                format!("there are {}", known.join(", ")),
            )
        })?),
    };
    if let Some(text) = &arguments.text {
        return shown_by(&fonts, face, text, arguments.json);
    }
    if let Some(repertoire) = arguments.missing {
        return missing(&fonts, face, repertoire.into(), arguments.json);
    }
    list(&fonts, face, arguments.json)
}

/// Whether `c` can be shown: by `face` alone, or by any face at all.
fn covers(fonts: &Fonts, face: Option<FaceId>, c: char) -> bool {
    match face {
        Some(face) => fonts.face(face).covers(c),
        None => fonts.ids().any(|face| fonts.face(face).covers(c)),
    }
}

fn list(fonts: &Fonts, only: Option<FaceId>, in_json: bool) -> Result<u8, Failure> {
    let measure = |face| Repertoire::ALL.map(|r| (r, Coverage::measure(r, |c| covers(fonts, face, c))));
    let faces = fonts.ids().filter(|id| only.is_none_or(|only| only == *id));
    if in_json {
        let covered = |coverage: [(Repertoire, Coverage); 5]| {
            let each =
                coverage.map(|(r, c)| (r.name().to_owned(), json!({ "of": c.of, "covered": c.covered() })));
            Value::Object(each.into_iter().collect())
        };
        let one = |id: FaceId| {
            let face = fonts.face(id);
            let aliases: Vec<_> = fonts.names_of(id).filter(|name| *name != face.name()).collect();
            json!({
                "name": face.name(), "aliases": aliases, "label": face.label(), "font": face.postscript_name(),
                "sha256": face.sha256(), "coverage": covered(measure(Some(id))),
            })
        };
        let faces: Vec<_> = faces.map(one).collect();
        let chain: Vec<_> = fonts.chain().iter().map(|id| fonts.face(*id).name()).collect();
        say(&format!(
            "{:#}",
            json!({ "faces": faces, "fallback": chain, "coverage": covered(measure(None)) })
        ))?;
        return Ok(ALL_DONE);
    }
    let names = Repertoire::ALL.map(|r| format!("{:>8}", r.name())).concat();
    say(&format!("{:<12}{names}   font and other names", "face"))?;
    let row = |name: &str, face| {
        let cells = measure(face).map(|(_, c)| match c.missing.len() {
            0 => format!("{:>8}", "all"),
            missing => format!("{:>8}", format!("-{}", grouped(missing as u64))),
        });
        format!("{name:<12}{}", cells.concat())
    };
    for id in faces {
        let face = fonts.face(id);
        let others: String =
            fonts.names_of(id).filter(|n| *n != face.name()).map(|n| format!(", {n}")).collect();
        say(&format!("{}   {}{others}", row(face.name(), Some(id)), face.label()))?;
    }
    if only.is_none() {
        let chain: Vec<_> = fonts.chain().iter().map(|id| fonts.face(*id).name()).collect();
        say(&format!(
            "{}   what a face lacks is taken from {}",
            row("together", None),
            chain.join(", then ")
        ))?;
    }
    for repertoire in Repertoire::ALL {
        let count = grouped(repertoire.characters().len() as u64);
        say(&format!("{:>8}: {}, {count} ideographs", repertoire.name(), repertoire.label()))?;
    }
    Ok(ALL_DONE)
}

fn missing(fonts: &Fonts, face: Option<FaceId>, of: Repertoire, in_json: bool) -> Result<u8, Failure> {
    let coverage = Coverage::measure(of, |c| covers(fonts, face, c));
    if in_json {
        let missing: Vec<_> = coverage.missing.iter().map(|c| named(*c)).collect();
        say(&format!("{:#}", json!({ "repertoire": of.name(), "of": coverage.of, "missing": missing })))?;
    } else {
        for c in &coverage.missing {
            say(&format!("{} {c}", named(*c)))?;
        }
    }
    Ok(if coverage.missing.is_empty() { ALL_DONE } else { SOME_FAILED })
}

fn shown_by(fonts: &Fonts, face: Option<FaceId>, text: &str, in_json: bool) -> Result<u8, Failure> {
    let preferred = face.or_else(|| fonts.chain().first().copied());
    let by = |c: char| preferred.and_then(|face| fonts.fallback(face, c)).map(|id| fonts.face(id).name());
    let characters: Vec<(char, Option<&str>)> =
        text.chars().filter(|c| !c.is_control()).map(|c| (c, by(c))).collect();
    if in_json {
        let each: Vec<_> = characters
            .iter()
            .map(|(c, face)| json!({ "character": c, "code_point": named(*c), "face": face }))
            .collect();
        say(&format!("{:#}", Value::Array(each)))?;
    } else {
        for (c, face) in &characters {
            say(&format!("{:<8} {c} {}", named(*c), face.unwrap_or("no face has it")))?;
        }
    }
    Ok(if characters.iter().all(|(_, face)| face.is_some()) { ALL_DONE } else { SOME_FAILED })
}

fn named(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
