//! Metadata of licences (GB/T 36903): their short names as implementations write them, and what each may say.
//!
//! In: names and values. Out: a verdict; the check of one value may depend on the others, as that of the holder's code on its type.
//! Invariant: names that begin with [`EXTENSION`] are free, and say whatever they say.

use super::identifier::{Identifier, IdentifierError};
use super::{date, resident_id, uscc};

/// What the names of an issuer's own metadata begin with.
pub const EXTENSION: &str = "KZ_";

/// One name of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The short name: ZZBH.
    pub name: &'static str,
    /// The name in full: 证照编号.
    pub label: &'static str,
    /// What it holds.
    pub form: Form,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// YYYYMMDD.
    Date,
    /// YYYYMMDD, or [`FOR_EVER`].
    End,
    /// YYYYMMDD or YYYYMMDDhhmmss.
    Time,
    /// A unified social credit code (GB 32100).
    Uscc,
    /// A type of licences: its defining body's unified social credit code and three digits (GB/T 36904).
    TypeCode,
    /// A licence identifier (GB/T 36904).
    Identifier,
    /// The identifier of an earlier licence, whose check character old rules may have made.
    Earlier,
    /// The kind of a holder's code in three digits, such as [`RESIDENT_ID`].
    HolderCodeType,
    /// The holder's code, of the kind that CZZTDMLXDM says.
    HolderCode,
}

/// ZZYXQJZRQ of a licence without end.
pub const FOR_EVER: &str = "长期";

/// CZZTDMLXDM of a resident identity number 公民身份号码.
pub const RESIDENT_ID: &str = "111";
/// CZZTDMLXDM of a unified social credit code 统一社会信用代码.
pub const USCC: &str = "001";
/// CZZTDMLXDM of a passport 普通护照.
pub const PASSPORT: &str = "414";

const fn item(name: &'static str, label: &'static str, form: Form) -> Item {
    Item { name, label, form }
}

/// The names of the standard.
pub static ITEMS: [Item; 17] = [
    item("ZZMC", "证照名称", Form::Text),
    item("ZZLXDM", "证照类型代码", Form::TypeCode),
    item("ZZBH", "证照编号", Form::Text),
    item("ZZBS", "证照标识", Form::Identifier),
    item("ZZBFJG", "证照颁发机构", Form::Text),
    item("ZZBFJGDM", "证照颁发机构代码", Form::Uscc),
    item("ZZBFRQ", "证照颁发日期", Form::Date),
    item("CZZT", "持证主体", Form::Text),
    item("CZZTDM", "持证主体代码", Form::HolderCode),
    item("CZZTDMLX", "持证主体代码类型", Form::Text),
    item("CZZTDMLXDM", "持证主体代码类型代码", Form::HolderCodeType),
    item("ZZYXQQSRQ", "证照有效期起始日期", Form::Date),
    item("ZZYXQJZRQ", "证照有效期截止日期", Form::End),
    item("ZZQZR", "证照签章人", Form::Text),
    item("ZZQZSJ", "证照签章时间", Form::Time),
    item("ZZQZMC", "证照签章名称", Form::Text),
    item("GLZZBS", "关联证照标识", Form::Earlier),
];

/// The standard's item of this name.
pub fn item_named(name: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.name == name)
}

/// A value that its name does not allow. Shown as `ZZBFRQ (证照颁发日期) is not a date: 2026-03-05`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the metadata entry {} ({}) {message}: {value}", item.name, item.label)]
pub struct MetadataError {
    /// What it should be.
    pub item: &'static Item,
    /// What is wrong, to be read after the name.
    pub message: String,
    /// What it says.
    pub value: String,
    /// How to mend it, or empty.
    pub hint: &'static str,
}

/// Checks all values of one licence; empty ones count as not given.
///
/// # Errors
/// The first that is wrong.
pub fn check(entries: &[(String, String)]) -> Result<(), MetadataError> {
    let value_of = |name: &str| entries.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    for (name, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
        let Some(item) = item_named(name) else { continue };
        let verdict = match item.form {
            Form::HolderCode => check_holder(value, value_of("CZZTDMLXDM")),
            form => check_alone(form, value),
        };
        verdict.map_err(|fault| fault.about(item, value))?;
    }
    let (from, until) = (value_of("ZZYXQQSRQ"), value_of("ZZYXQJZRQ"));
    match item_named("ZZYXQJZRQ") {
        // Dates of eight digits compare as texts.
        Some(item) if !until.is_empty() && until < from => {
            let fault = Fault::new("lies before the first day of validity", "compare it with ZZYXQQSRQ");
            Err(fault.about(item, until))
        }
        _ => Ok(()),
    }
}

/// Checks what one value says by itself: all but a holder's code.
///
/// # Errors
/// What is wrong with it.
pub fn check_one(item: &'static Item, value: &str) -> Result<(), MetadataError> {
    check_alone(item.form, value).map_err(|fault| fault.about(item, value))
}

struct Fault {
    message: String,
    hint: &'static str,
}

impl Fault {
    fn new(message: impl Into<String>, hint: &'static str) -> Fault {
        Fault { message: message.into(), hint }
    }

    fn about(self, item: &'static Item, value: &str) -> MetadataError {
        MetadataError { item, message: self.message, value: value.to_owned(), hint: self.hint }
    }
}

fn check_alone(form: Form, value: &str) -> Result<(), Fault> {
    let digits = |count: usize| value.len() == count && value.bytes().all(|b| b.is_ascii_digit());
    let is_date = |text: &str| text.is_ascii() && text.len() == 8 && date::parse(text).is_some();
    let not_a_date = |hint| Fault::new("is not a date", hint);
    match form {
        Form::Text | Form::HolderCode => Ok(()),
        Form::End if value == FOR_EVER => Ok(()),
        Form::Date | Form::End if digits(8) && is_date(value) => Ok(()),
        Form::Date => Err(not_a_date("write YYYYMMDD, as {{ issued_on | date_compact }} does")),
        Form::End => Err(not_a_date("write YYYYMMDD, or 长期 for a licence without end")),
        Form::Time if digits(8) && is_date(value) => Ok(()),
        Form::Time if digits(14) && is_date(&value[..8]) && &value[8..] < "240000" => Ok(()),
        Form::Time => Err(Fault::new("is not a time", "write YYYYMMDD or YYYYMMDDhhmmss")),
        Form::Uscc => uscc::check(value)
            .map_err(|e| Fault::new(e.to_string(), "give the issuer's unified social credit code")),
        Form::TypeCode => {
            let body = value.get(..18).filter(|_| value.len() == 21);
            let number = value.get(18..).is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
            match body {
                // Bodies whose code does not bear its own check have defined types all the same.
                Some(body) if number => match uscc::check(body) {
                    Ok(()) | Err(uscc::UsccError::Check { .. }) => Ok(()),
                    Err(e) => Err(Fault::new(e.to_string(), TYPE_CODE)),
                },
                _ => Err(Fault::new("is not a type code", TYPE_CODE)),
            }
        }
        Form::Earlier if matches!(Identifier::parse(value), Err(IdentifierError::Check { .. })) => Ok(()),
        Form::Identifier | Form::Earlier => {
            Identifier::parse(value).map(drop).map_err(|e| Fault::new(e.to_string(), ""))
        }
        Form::HolderCodeType if digits(3) => Ok(()),
        Form::HolderCodeType => Err(Fault::new(
            "is not a kind of code",
            "write 111 for a resident identity number, 001 for a unified social credit code, 414 for a passport",
        )),
    }
}

const TYPE_CODE: &str = "write the defining body's unified social credit code and three digits";

fn check_holder(code: &str, kind: &str) -> Result<(), Fault> {
    const HINT: &str = "compare it with the holder's papers, and with CZZTDMLXDM";
    match kind {
        RESIDENT_ID => resident_id::check(code).map(drop).map_err(|e| Fault::new(e.to_string(), HINT)),
        USCC => uscc::check(code).map_err(|e| Fault::new(e.to_string(), HINT)),
        PASSPORT => {
            let is_passport = (5..=15).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            if is_passport { Ok(()) } else { Err(Fault::new("is not the number of a passport", HINT)) }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(entries: &[(&str, &str)]) -> Result<(), String> {
        let entries: Vec<_> = entries.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        check(&entries).map_err(|e| e.to_string())
    }

    const IDENTIFIER: &str = "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";

    #[test]
    fn a_licence_with_every_name_passes() {
        let entries = [
            ("ZZMC", "样例证书"),
            ("ZZLXDM", "11140000MB99999996001"),
            ("ZZBH", "20260000001"),
            ("ZZBS", IDENTIFIER),
            ("ZZBFJG", "样例省人力资源和社会保障厅"),
            ("ZZBFJGDM", "11140000MB99999996"),
            ("ZZBFRQ", "20260305"),
            ("CZZT", "张三"),
            ("CZZTDM", "999999199003079017"),
            ("CZZTDMLX", "公民身份号码"),
            ("CZZTDMLXDM", "111"),
            ("ZZYXQQSRQ", "20260305"),
            ("ZZYXQJZRQ", "20270304"),
            ("ZZQZSJ", "20260305093000"),
            ("GLZZBS", IDENTIFIER),
            ("KZ_BFBZ", "补发"),
        ];
        assert_eq!(verdict(&entries), Ok(()));
    }

    #[test]
    fn each_form_refuses_what_it_is_not() {
        for (name, value, message) in [
            ("ZZBFRQ", "2026-03-05", "is not a date"),
            ("ZZBFRQ", "20260230", "is not a date"),
            ("ZZBFRQ", "２０２６０３０５", "is not a date"),
            ("ZZYXQJZRQ", "三年", "is not a date"),
            ("ZZQZSJ", "20260305250000", "is not a time"),
            ("ZZLXDM", "11140000MB99999996", "is not a type code"),
            ("ZZLXDM", "证照类型代码一", "is not a type code"),
            ("ZZLXDM", "11140000MB9999999O001", "has a character that no such code uses"),
            ("ZZBFJGDM", "11140000MB99999995", "has a wrong check character"),
            ("CZZTDMLXDM", "身份证", "is not a kind of code"),
        ] {
            let told = verdict(&[(name, value)]).unwrap_err();
            assert!(told.contains(&format!("{name} (")) && told.contains(message), "{told}");
        }
        let other_check = format!("{}3", &IDENTIFIER[..IDENTIFIER.len() - 1]);
        assert!(verdict(&[("ZZBS", &other_check)]).is_err());
        assert!(verdict(&[("GLZZBS", &other_check)]).is_ok() && verdict(&[("GLZZBS", "无")]).is_err());
    }

    #[test]
    fn a_holders_code_is_checked_as_its_type_says() {
        let holder = |kind: &str, code: &str| verdict(&[("CZZTDM", code), ("CZZTDMLXDM", kind)]).is_ok();
        assert!(holder("111", "999999199003079017") && !holder("111", "999999199003079018"));
        assert!(holder("001", "11140000MB99999996") && !holder("001", "999999199003079017"));
        assert!(holder("414", "E12345678") && !holder("414", "护照"));
        assert!(holder("516", "H0123456789"));
        assert_eq!(verdict(&[("CZZTDM", "无")]), Ok(()));
    }

    #[test]
    fn validity_does_not_end_before_it_begins() {
        let told = verdict(&[("ZZYXQQSRQ", "20260305"), ("ZZYXQJZRQ", "20260304")]).unwrap_err();
        assert_eq!(
            told,
            "the metadata entry ZZYXQJZRQ (证照有效期截止日期) lies before the first day of validity: 20260304"
        );
    }

    #[test]
    fn what_was_not_given_is_not_checked() {
        assert_eq!(verdict(&[("ZZBFRQ", ""), ("ZZBS", "")]), Ok(()));
        assert_eq!(verdict(&[("ZZYXQQSRQ", "20260305"), ("ZZYXQJZRQ", FOR_EVER)]), Ok(()));
    }
}
