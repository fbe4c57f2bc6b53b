//! Title certificates: three grades, each issued by the department, by a unit that reviews for itself, and for private enterprises.

use std::error::Error;

use super::people::UNITS;
use super::{Dice, FEW, ISSUER, Licence, Person, Row, Samples, YEAR, body_code, is_reissue};

/// The rows of the file that the README's command renders.
const MANY: u32 = 1000;

/// A grade with its levels: their words, and the place of their titles in [`Series::titles`].
struct Grade {
    name: &'static str,
    word: &'static str,
    levels: &'static [(&'static str, usize)],
}

const GRADES: [Grade; 3] = [
    // Three associates to one full professor.
    Grade {
        name: "senior",
        word: "高级",
        levels: &[("正高级", 0), ("副高级", 1), ("副高级", 1), ("副高级", 1)],
    },
    Grade { name: "intermediate", word: "中级", levels: &[("中级", 2)] },
    Grade { name: "junior", word: "初级", levels: &[("助理级", 3), ("助理级", 3), ("员级", 4)] },
];

/// Who reviews.
#[derive(Clone, Copy, PartialEq)]
enum Review {
    Department,
    /// 自主评审: the unit that employs the holder reviews, issues and seals.
    Unit,
    /// 民营企业工程系列: of the engineering series, with a scope of use.
    PrivateEnterprise,
}

/// A series with its specialities and its titles from the highest to the lowest level.
struct Series {
    name: &'static str,
    specialities: &'static [&'static str],
    titles: [&'static str; 5],
}

const SERIES: [Series; 8] = [
    Series {
        name: "工程技术",
        specialities: &[
            "测绘工程",
            "水利水电工程",
            "道路与桥梁工程",
            "岩土工程",
            "环境保护工程",
            "计算机应用技术",
        ],
        titles: ["正高级工程师", "高级工程师", "工程师", "助理工程师", "技术员"],
    },
    Series {
        name: "农业技术",
        specialities: &["农学", "园艺", "植物保护", "畜牧"],
        titles: ["正高级农艺师", "高级农艺师", "农艺师", "助理农艺师", "农业技术员"],
    },
    Series {
        name: "卫生技术",
        specialities: &["心血管内科", "儿科", "中医内科", "医学影像"],
        titles: ["主任医师", "副主任医师", "主治医师", "医师", "医士"],
    },
    Series {
        name: "中小学教师",
        specialities: &["高中数学", "初中语文", "小学科学"],
        titles: ["正高级教师", "高级教师", "一级教师", "二级教师", "三级教师"],
    },
    Series {
        name: "经济",
        specialities: &["工商管理", "人力资源管理", "知识产权"],
        titles: ["正高级经济师", "高级经济师", "经济师", "助理经济师", "经济员"],
    },
    Series {
        name: "会计",
        specialities: &["会计"],
        titles: ["正高级会计师", "高级会计师", "会计师", "助理会计师", "会计员"],
    },
    Series {
        name: "图书资料",
        specialities: &["图书情报", "古籍整理与保护"],
        titles: ["研究馆员", "副研究馆员", "馆员", "助理馆员", "管理员"],
    },
    Series {
        name: "档案",
        specialities: &["档案管理"],
        titles: ["研究馆员", "副研究馆员", "馆员", "助理馆员", "管理员"],
    },
];

/// The units that review for themselves, with the organisation in their codes.
const REVIEWERS: [(&str, &str); 4] = [
    ("样例大学（虚构）", "MB0000101"),
    ("样例省农业科学院（虚构）", "MB0000102"),
    ("样例省样例市第一人民医院（虚构）", "MB0000103"),
    ("样例省样例市样例高新技术产业开发区工程勘察设计研究院有限责任公司（虚构）", "MB0000104"),
];

const SCOPES: [&str; 3] = [
    "样例省行政区域内的民营企业。",
    "样例省行政区域内的民营企业及其他非公有制经济组织；持证人到国有企事业单位任职的，应当按照规定重新评审或者确认。",
    "样例省样例市、样例自治州和样例经济技术开发区内注册并实际经营的民营企业、个体工商户、农民专业合作社及其他非公有制经济组织，\
     在岗期间有效。",
];

/// The rows of each title layout.
pub(super) fn samples() -> Result<Vec<Samples>, Box<dyn Error>> {
    let mut files = Vec::new();
    for (review, suffix) in
        [(Review::Department, ""), (Review::Unit, "-self-review"), (Review::PrivateEnterprise, "-scope")]
    {
        for grade in &GRADES {
            let first_serial = files.len() as u32 * 10_000;
            let mut dice = Dice(u64::from(YEAR + first_serial));
            let count = if files.is_empty() { MANY } else { FEW };
            let rows = (0..count).map(|index| row(index, first_serial + index + 1, grade, review, &mut dice));
            files.push(Samples {
                layout: format!("title-{}{suffix}", grade.name),
                rows: rows.collect::<Result<_, _>>()?,
                list: None,
            });
        }
    }
    Ok(files)
}

fn row(
    index: u32,
    serial: u32,
    grade: &Grade,
    review: Review,
    dice: &mut Dice,
) -> Result<Row, Box<dyn Error>> {
    let mut row = Person::draw(index, serial, dice)?.columns();
    let series = if review == Review::PrivateEnterprise { &SERIES[0] } else { dice.pick(&SERIES) };
    let &(level, title) = dice.pick(grade.levels);
    // The first row is the one that pictures show: names of ordinary length, and a scope that wraps.
    let is_first = index == 0;
    let (reviewer, organisation) = if is_first { REVIEWERS[0] } else { *dice.pick(&REVIEWERS) };
    let department = body_code("11", "MB0000001")?;
    let (unit, issuer, issuer_code, committee) = match review {
        Review::Unit => (
            reviewer,
            reviewer,
            body_code("12", organisation)?,
            format!("{}{}职称评审委员会（虚构）", reviewer.trim_end_matches("（虚构）"), grade.word),
        ),
        _ => (
            if is_first { UNITS[0] } else { *dice.pick(&UNITS) },
            ISSUER,
            department,
            format!("样例省{}系列{}职称评审委员会（虚构）", series.name, grade.word),
        ),
    };
    row.extend([
        ("unit", unit.to_owned()),
        ("series", series.name.to_owned()),
        ("speciality", (*dice.pick(series.specialities)).to_owned()),
        ("title", series.titles[title].to_owned()),
        ("level", level.to_owned()),
        ("committee", committee),
    ]);
    if review == Review::PrivateEnterprise {
        row.push(("scope", if is_first { SCOPES[1] } else { *dice.pick(&SCOPES) }.to_owned()));
    }
    let reissue = is_reissue(index);
    let licence = Licence { kind: "001", prefix: "YL", serial, issuer, issuer_code: &issuer_code, reissue };
    row.extend(licence.columns(dice)?);
    Ok(row)
}
