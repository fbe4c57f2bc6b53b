//! A folder for each test, with a small layout that compiles fast, and the program run beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Small, but with all that the command line cares about: types, a number, an identifier, a place for the seal.
pub(crate) const LAYOUT: &str = r##"<layout xmlns="urn:certpress:layout:1" id="small" title="样例证书">
  <fields>
    <field name="number" label="证书编号" type="text" required="true"/>
    <field name="name" label="姓名" type="person-name" required="true"/>
    <field name="issued_on" label="批准日期" type="date" required="true"/>
    <field name="identifier" label="电子证照标识" type="identifier"/>
  </fields>
  <page size="120x90mm">
    <text x="10mm" y="10mm" width="100mm" font="song" size="20pt" align="center">样例证书</text>
    <text x="10mm" y="30mm" width="60mm" font="kai" size="12pt">{{ name }}　{{ issued_on }}</text>
    <text x="10mm" y="40mm" width="60mm" font="hei" size="9pt">{{ number }}</text>
    <seal x="70mm" y="40mm" diameter="42mm"/>
  </page>
</layout>
"##;

/// Three good rows.
pub(crate) const GOOD: &str = "\
number,姓名,issued_on
A-1,张三,2026-03-05
A-2,买买提·艾力,2026-03-06
A-3,欧阳样例,2026-03-07
";

/// The arguments that seal the same bytes every time.
pub(crate) const FIXED: [&str; 5] = ["--seal", "demo", "--time", "2026-03-05T08:00:00Z", "--deterministic"];

/// A temporary folder.
pub(crate) struct Place(TempDir);

/// What the program did.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// With `small.xml` and `people.csv`, the three good rows.
    pub(crate) fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.write("small.xml", LAYOUT);
        place.write("people.csv", GOOD);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// The program in this folder, with the faces that ship.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certpress"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("CERTPRESS_FONTS", Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts"))
            .env_remove("CERTPRESS_SEAL_PASSWORD");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.program(arguments).output().unwrap())
    }

    /// `certpress render small.xml people.csv --out out` and more, in place of what is there, without waiting for the disk.
    pub(crate) fn render(&self, more: &[&str]) -> Outcome {
        self.run(
            &[&["render", "small.xml", "people.csv", "--out", "out", "--replace", "--no-sync"], more]
                .concat(),
        )
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The rows of `out/manifest.jsonl`.
    pub(crate) fn rows(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.path("out/manifest.jsonl")).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line.get("row").is_some()).collect()
    }
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Outcome {
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit code and shows what was said if it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Outcome {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that stderr says each of `parts`.
    #[track_caller]
    pub(crate) fn complains(self, parts: &[&str]) -> Outcome {
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is missing in\n{}", self.stderr);
        }
        self
    }
}
