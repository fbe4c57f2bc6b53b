//! `certpress seal`: test seals made and seals explained.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use certpress::page::Timestamp;
use certpress::seal::{self, Design, NewSeal, SesVersion, TestMark};
use certpress::unit::Length;

use super::failure::Failure;
use super::press::{FontArguments, PasswordArguments};
use super::terminal::say;
use super::{ALL_DONE, SOME_FAILED};

/// `certpress seal …`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a test seal: keys, certificates, the drawn seal and its signed data.
    New(New),
    /// Explain a seal: what it says, and what of it holds.
    Show(Show),
}

/// The arguments of `certpress seal new`.
#[derive(Args)]
#[command(after_long_help = AFTER_NEW)]
pub(crate) struct New {
    /// The unit's name, along the arc
    #[arg(value_name = "UNIT")]
    unit: String,

    /// The folder to write to; a seal that is there already is never overwritten
    #[arg(long, short, value_name = "FOLDER")]
    out: PathBuf,

    /// The horizontal text below the star; may be empty
    #[arg(long, value_name = "TEXT", default_value = "证书专用章")]
    caption: String,

    /// The text along the bottom arc, such as a registration code
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    code: String,

    /// The diameter in millimetres, 38 to 50
    #[arg(long, value_name = "MM", default_value_t = 42)]
    size: u8,

    /// The word that marks it as no official seal
    #[arg(long, value_enum, default_value = "test")]
    mark: Mark,

    /// A PNG with opacity to use in place of the drawing
    #[arg(long, value_name = "PNG")]
    picture: Option<PathBuf>,

    /// The first moment of its validity, such as 2026-01-01T00:00:00Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = super::output::parse_time)]
    from: Option<Timestamp>,

    /// How many years it is valid
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=50))]
    years: u8,

    /// The edition of the seal's data: GB/T 38540-2020 or GM/T 0031-2014
    #[arg(long, value_enum, default_value = "v4")]
    version: Version,

    #[command(flatten)]
    password: PasswordArguments,

    #[command(flatten)]
    fonts: FontArguments,
}

const AFTER_NEW: &str = "\
Example:
  echo 'a password of your own' > seal.password
  certpress seal new 样例省人力资源和社会保障厅 --out my-seal --code 1400000000001 --password-file seal.password
  certpress render layouts/title-senior.xml people.csv --seal my-seal --password-file seal.password --out issued

What is written:
  seal.esl                            the signed seal
  root.crt, maker.crt, signer.crt     the test hierarchy of certificates (SM2, X.509)
  signer.key                          the signer's key, encrypted (PKCS#8); the keys of root and maker are wiped
  tsa.crt, tsa.key                    an authority for test timestamps: `certpress render --timestamp`
  root.crl                            the root's word that it revoked none of these, for `certpress verify`
  seal.svg, seal.png                  the seal's picture

A test seal proves nothing about any authority, and says so on its face.";

/// The arguments of `certpress seal show`.
#[derive(Args)]
#[command(after_long_help = AFTER_SHOW)]
pub(crate) struct Show {
    /// A seal.esl, or the folder that holds one
    #[arg(value_name = "FILE|FOLDER")]
    seal: PathBuf,

    /// Print it as one line of JSON
    #[arg(long)]
    json: bool,
}

const AFTER_SHOW: &str = "\
Example:
  certpress seal show my-seal

No password is needed: no key is opened. Whether the seal's authority can be trusted is not for this command to say; it
checks that the seal maker signed the seal and, where root.crt lies beside it, that this root issued all its certificates.

Exit codes: 0 what can be checked holds, 1 something does not, 2 the seal cannot be read.";

/// The mark of a test seal.
#[derive(Clone, Copy, ValueEnum)]
enum Mark {
    /// 测试, to try things with.
    Test,
    /// 样本, for samples.
    Sample,
}

/// The edition of the seal's data.
#[derive(Clone, Copy, ValueEnum)]
enum Version {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    V4,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<u8, Failure> {
    match command {
        Command::New(new) => make(new),
        Command::Show(show) => explain(show),
    }
}

fn make(arguments: &New) -> Result<u8, Failure> {
    let password = arguments.password.password()?;
    let from = arguments.from.unwrap_or_else(Timestamp::now);
    let picture = match &arguments.picture {
        Some(path) => Some(std::fs::read(path).map_err(|e| Failure::unreadable(path, &e))?),
        None => None,
    };
    let later = |years: u8| {
        let civil = from.civil().saturating_add(jiff::Span::new().years(years));
        Timestamp::parse(&format!("{civil}Z")).unwrap_or(from)
    };
    let new = NewSeal {
        design: Design {
            unit: arguments.unit.clone(),
            caption: arguments.caption.clone(),
            code: arguments.code.clone(),
            mark: match arguments.mark {
                Mark::Test => TestMark::Test,
                Mark::Sample => TestMark::Sample,
            },
            diameter: Length::mm(f64::from(arguments.size)),
        },
        valid_from: from,
        valid_to: later(arguments.years),
        version: match arguments.version {
            Version::V1 => SesVersion::V1,
            Version::V4 => SesVersion::V4,
        },
        picture,
    };
    let fonts = arguments.fonts.open(Path::new("."))?;
    seal::create(&new, &fonts, &arguments.out, &password).map_err(|e| {
        Failure::new(format!("no seal was made: {e}"), "`certpress seal new --help` shows an example")
    })?;
    say(&format!(
        "a test seal of {}, {} mm, valid until {}, in {}",
        arguments.unit,
        arguments.size,
        new.valid_to.civil().date(),
        arguments.out.display()
    ))?;
    Ok(ALL_DONE)
}

fn explain(arguments: &Show) -> Result<u8, Failure> {
    let seal = seal::describe(&arguments.seal).map_err(|e| {
        Failure::new(format!("cannot read the seal: {e}"), "name a seal.esl or a folder with one")
    })?;
    if arguments.json {
        let line = serde_json::to_string(&seal).map_err(std::io::Error::from)?;
        say(&line)?;
    } else {
        say(seal.to_string().trim_end())?;
    }
    let holds = seal.signed_by_maker && seal.issued_by_root != Some(false);
    Ok(if holds { ALL_DONE } else { SOME_FAILED })
}
