//! One record of the senior title certificate, without a photograph, for the tests that need just one.

use certpress::Record;

/// Made up, with everything that the layout demands.
pub(crate) fn record() -> Record {
    Record::new()
        .with("name", "欧阳样例")
        .with("sex", "女")
        .with("id_number", "999999199001011238")
        .with("unit", "样例省样例市测绘院（虚构）")
        .with("series", "工程")
        .with("speciality", "测绘")
        .with("title", "高级工程师")
        .with("level", "副高级")
        .with("committee", "样例省工程系列高级评审委员会")
        .with("issued_on", "2026-03-05")
        .with("number", "样例20260001")
        .with("identifier", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2")
        .with("issuer", "样例省人力资源和社会保障厅")
        .with("issuer_code", "11140000MB99999996")
        .with("provider", "样例省人事考试中心")
        .with("approver", "样例")
        .with("approval", "样人社〔2026〕1号")
}
