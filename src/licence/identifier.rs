//! The electronic licence identifier (电子证照标识, GB/T 36904-2018): built, parsed, checked.
//!
//! `1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK`: TYPE is the defining body's USCC and 3 digits, ISSUER a USCC,
//! SERIAL 7 to 32 digits and capitals, VERSION 3 digits from 001, CHECK one character.

use std::fmt;

use thiserror::Error;

use super::uscc;

/// The object identifier under which all licences lie.
const ROOT: &str = "1.2.156.3005.2.";

/// An identifier whose form and check character are right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identifier {
    type_code: String,
    issuer: String,
    serial: String,
    version: u16,
}

/// What is wrong with an identifier.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum IdentifierError {
    /// Another root.
    #[error("does not begin with {ROOT}")]
    Root,
    /// Not five parts after the root.
    #[error("has {0} parts after its root in place of 5")]
    Parts(usize),
    /// The part after the root.
    #[error("has a type that is not a USCC and 3 digits ({0})")]
    Type(String),
    /// The second part.
    #[error("has an issuer that is neither a USCC nor an area code ({0})")]
    Issuer(String),
    /// The third part.
    #[error("has a serial that is not 7 to 32 digits and capital letters ({0})")]
    Serial(String),
    /// The fourth part.
    #[error("has a version that is not 3 digits from 001 ({0})")]
    Version(String),
    /// The last part.
    #[error("has a wrong check character ({found}), {expected} would be right")]
    Check {
        /// What the other parts demand.
        expected: char,
        /// What stands there.
        found: String,
    },
}

/// What is odd about an identifier that is right as a whole; older issuers' practice.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum IdentifierWarning {
    /// The defining body's code does not bear its own check.
    #[error("names a defining body whose code {0}")]
    TypeCode(uscc::UsccError),
    /// The issuer's code does not bear its own check.
    #[error("names an issuer whose code {0}")]
    Issuer(uscc::UsccError),
    /// The issuer is an area code of six digits.
    #[error("names its issuer by an area code ({0}) in place of a USCC")]
    AreaCode(String),
}

impl Identifier {
    /// Builds an identifier from its parts; the check character follows from them.
    pub fn new(
        type_code: &str,
        issuer: &str,
        serial: &str,
        version: u16,
    ) -> Result<Identifier, IdentifierError> {
        if !(type_code.len() == 21 && is_serial(type_code) && is_digits(&type_code[18..])) {
            return Err(IdentifierError::Type(type_code.to_owned()));
        }
        let is_area_code = issuer.len() == 6 && is_digits(issuer);
        if !(is_area_code || (issuer.len() == 18 && is_serial(issuer))) {
            return Err(IdentifierError::Issuer(issuer.to_owned()));
        }
        if !((7..=32).contains(&serial.len()) && is_serial(serial)) {
            return Err(IdentifierError::Serial(serial.to_owned()));
        }
        if !(1..=999).contains(&version) {
            return Err(IdentifierError::Version(version.to_string()));
        }
        Ok(Identifier {
            type_code: type_code.to_owned(),
            issuer: issuer.to_owned(),
            serial: serial.to_owned(),
            version,
        })
    }

    /// Reads an identifier as it is printed.
    pub fn parse(text: &str) -> Result<Identifier, IdentifierError> {
        let rest = text.strip_prefix(ROOT).ok_or(IdentifierError::Root)?;
        let parts: Vec<&str> = rest.split('.').collect();
        let &[type_code, issuer, serial, version, check] = parts.as_slice() else {
            return Err(IdentifierError::Parts(parts.len()));
        };
        let number = Some(version).filter(|v| v.len() == 3 && is_digits(v)).and_then(|v| v.parse().ok());
        let number = number.ok_or_else(|| IdentifierError::Version(version.to_owned()))?;
        let identifier = Identifier::new(type_code, issuer, serial, number)?;
        let expected = identifier.check_character();
        if check != expected.to_string() {
            return Err(IdentifierError::Check { expected, found: check.to_owned() });
        }
        Ok(identifier)
    }

    /// The kind of licence: the defining body's USCC and three digits.
    pub fn type_code(&self) -> &str {
        &self.type_code
    }

    /// The issuing body's USCC, or an area code in some older identifiers.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The issuer's running number.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// 1 for the first issue, counted up with every change.
    pub fn version(&self) -> u16 {
        self.version
    }

    /// ISO 7064 MOD 37,36 over type, issuer, serial and version, without root and dots.
    pub fn check_character(&self) -> char {
        let version = format!("{:03}", self.version);
        let body = [&self.type_code, &self.issuer, &self.serial, &version];
        let mut product = 36;
        for c in body.iter().flat_map(|part| part.chars()) {
            let sum = (product + c.to_digit(36).unwrap_or(0)) % 36;
            product = if sum == 0 { 36 } else { sum } * 2 % 37;
        }
        let check = (37 - product) % 36;
        char::from_digit(check, 36).unwrap_or('0').to_ascii_uppercase()
    }

    /// What is odd about it.
    pub fn warnings(&self) -> Vec<IdentifierWarning> {
        let mut warnings = Vec::new();
        if let Err(e) = uscc::check(&self.type_code[..18]) {
            warnings.push(IdentifierWarning::TypeCode(e));
        }
        if self.issuer.len() == 6 {
            warnings.push(IdentifierWarning::AreaCode(self.issuer.clone()));
        } else if let Err(e) = uscc::check(&self.issuer) {
            warnings.push(IdentifierWarning::Issuer(e));
        }
        warnings
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identifier { type_code, issuer, serial, version } = self;
        write!(f, "{ROOT}{type_code}.{issuer}.{serial}.{version:03}.{}", self.check_character())
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_serial(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: [&str; 6] = [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2",
        "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.002.Z",
    ];

    #[test]
    fn identifiers_in_use_parse_and_print_the_same() {
        for text in RIGHT {
            assert_eq!(Identifier::parse(text).map(|i| i.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn codes_that_bear_their_own_checks_give_no_warning() {
        for text in &RIGHT[..4] {
            assert_eq!(Identifier::parse(text).unwrap().warnings(), [], "{text}");
        }
    }

    #[test]
    fn a_wrong_check_names_the_right_one() {
        let text = "1.2.156.3005.2.11100000000013661B006.113700000045046442.\
                    209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
        let expected = IdentifierError::Check { expected: 'D', found: "M".into() };
        assert_eq!(Identifier::parse(text), Err(expected));
    }

    #[test]
    fn an_area_code_as_issuer_is_right_but_odd() {
        let text = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9";
        let identifier = Identifier::parse(text).unwrap();
        assert_eq!(identifier.warnings(), [IdentifierWarning::AreaCode("340100".into())]);
    }

    #[test]
    fn every_changed_character_of_the_body_breaks_the_check() {
        let text = RIGHT[2];
        for at in ROOT.len()..text.len() {
            let mut changed = text.as_bytes().to_vec();
            changed[at] = match changed[at] {
                b'.' => continue,
                b'7' => b'8',
                _ => b'7',
            };
            let changed = String::from_utf8(changed).unwrap();
            assert!(Identifier::parse(&changed).is_err(), "{changed}");
        }
    }

    #[test]
    fn each_malformed_part_is_named() {
        let good = RIGHT[0];
        let cases = [
            (good.replace("3005", "3006"), IdentifierError::Root),
            (good.replace(".001.U", ".U"), IdentifierError::Parts(4)),
            (good.replace("W011", "W01"), IdentifierError::Type("11100000000013338W01".into())),
            (good.replace("2244L", "2244l"), IdentifierError::Issuer("11430000006122244l".into())),
            (good.replace("20230000403", "202304"), IdentifierError::Serial("202304".into())),
            (good.replace(".001.", ".000."), IdentifierError::Version("0".into())),
            (good.replace(".001.", ".1.01."), IdentifierError::Parts(6)),
            (good.replace(".001.", ".+01."), IdentifierError::Version("+01".into())),
        ];
        for (text, error) in cases {
            assert_eq!(Identifier::parse(&text), Err(error), "{text}");
        }
    }
}
