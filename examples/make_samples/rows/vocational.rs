//! Vocational qualification certificates: those one may not practise without, and those that attest a level.

use std::error::Error;

use super::{Dice, FEW, ISSUER, Licence, Person, Row, Samples, YEAR, body_code, is_reissue};

/// A qualification and the specialities it is had in; no speciality where there is one only.
type Profession = (&'static str, &'static [&'static str]);

const ACCESS: [Profession; 5] = [
    ("样例建造师", &["建筑工程", "公路工程", "水利水电工程", "市政公用工程"]),
    ("样例造价工程师", &["土木建筑工程", "安装工程"]),
    ("样例注册测绘师", &[""]),
    ("样例注册安全工程师", &["建筑施工安全", "金属非金属矿山安全", "道路运输安全"]),
    ("样例注册土木工程师（港口与航道工程及海洋水文地质环境工程）", &["港口与航道工程"]),
];

const LEVEL: [Profession; 5] = [
    ("样例社会工作师", &[""]),
    ("样例经济专业技术资格（中级）", &["人力资源管理", "工商管理", "知识产权"]),
    ("样例计算机技术与软件专业技术资格（系统架构设计师）", &["计算机软件", "计算机网络"]),
    ("样例翻译专业资格（二级）", &["英语口译", "日语笔译"]),
    ("样例出版专业技术人员", &["编辑"]),
];

/// The rows of both layouts.
pub(super) fn samples() -> Result<Vec<Samples>, Box<dyn Error>> {
    [("vocational-access", "002", &ACCESS, 100_000), ("vocational-level", "003", &LEVEL, 110_000)]
        .into_iter()
        .map(|(layout, kind, professions, first_serial)| {
            let mut dice = Dice(u64::from(YEAR + first_serial));
            let rows =
                (0..FEW).map(|index| row(index, first_serial + index + 1, kind, professions, &mut dice));
            Ok(Samples { layout: layout.to_owned(), rows: rows.collect::<Result<_, _>>()?, list: None })
        })
        .collect()
}

fn row(
    index: u32,
    serial: u32,
    kind: &str,
    professions: &[Profession],
    dice: &mut Dice,
) -> Result<Row, Box<dyn Error>> {
    let person = Person::draw(index, serial, dice)?;
    let [year, month, day] = person.born;
    let mut row = person.columns();
    // The first row is the one that pictures show.
    let (profession, specialities) = if index == 0 { professions[0] } else { *dice.pick(professions) };
    row.extend([
        ("birth", format!("{year}-{month:02}-{day:02}")),
        ("profession", profession.to_owned()),
        ("speciality", (*dice.pick(specialities)).to_owned()),
    ]);
    let issuer_code = body_code("11", "MB0000001")?;
    let licence = Licence {
        kind,
        prefix: "9999990",
        serial,
        issuer: ISSUER,
        issuer_code: &issuer_code,
        reissue: is_reissue(index),
    };
    row.extend(licence.columns(dice)?);
    Ok(row)
}
