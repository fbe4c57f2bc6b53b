"""Sets the records of examples/title-senior.csv, unsealed, with typst and reportlab; compares with the figures of `certpress bench`.

    peers.py FIGURES.json SECONDS

Fonts are loaded, art is parsed and QR marks are encoded before the clock starts; the clock counts processor time of this process.
"""

import csv
import io
import json
import re
import sys
import time
from itertools import cycle, groupby, islice
from pathlib import Path

import segno
import typst
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

ROOT = Path(__file__).resolve().parents[2]
INK, GREY = HexColor("#1d4f91"), HexColor("#555555")
FACES = {
    "song": "NotoSerifSC-Regular.ttf",
    "bold": "NotoSerifSC-Bold.ttf",
    "hei": "NotoSansSC-Regular.ttf",
    "kai": "LXGWWenKai-Regular.ttf",
}


def records(count=50):
    """The first records, with the dark runs of each row of their marks."""
    with open(ROOT / "examples/title-senior.csv", encoding="utf-8") as file:
        for record in islice(csv.DictReader(file), count):
            record["photo"] = record["photo"] and f"/examples/{record['photo']}"
            mark = segno.make("https://verify.example.org/c/" + record["identifier"], error="q", boost_error=False)
            record["mark"] = [list(dark_runs(row)) for row in mark.matrix]
            yield record


def dark_runs(row):
    at = 0
    for dark, modules in groupby(row):
        start, at = at, at + len(list(modules))
        if dark:
            yield start, at


def with_typst(all_records):
    """A function that sets a record, and keeps what typst keeps between two compilations."""
    compiler = typst.Compiler(
        str(ROOT / "benches/peers/certificate.typ"),
        root=str(ROOT),
        font_paths=[str(ROOT / "fonts")],
        ignore_system_fonts=True,
    )
    inputs = {record["number"]: {"record": json.dumps(record, ensure_ascii=False)} for record in all_records}
    return lambda record: compiler.compile(format="pdf", sys_inputs=inputs[record["number"]])


def with_reportlab(_):
    for name, file in FACES.items():
        pdfmetrics.registerFont(TTFont(name, ROOT / "fonts" / file))
    art = [list(steps(d)) for name in ("ground-a4", "border-a4") for d in paths(ROOT / f"layouts/art/{name}.svg")]
    body = ParagraphStyle("body", fontName="kai", fontSize=18, leading=34, firstLineIndent=36, alignment=TA_JUSTIFY, wordWrap="CJK")
    return lambda record: draw(record, art, body)


def paths(file):
    return re.findall(r'<path d="([^"]*)"', file.read_text(encoding="utf-8"))


def steps(d):
    """The absolute steps M, L, H, V, C and Z as calls of a reportlab path."""
    x = y = 0.0
    for op, text in re.findall(r"([MLHVCZ])([^MLHVCZ]*)", d):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", text)]
        if op in "HV":
            numbers = [(n, y) if op == "H" else (x, n) for n in numbers]
            numbers = [n for pair in numbers for n in pair]
        size = {"M": 2, "L": 2, "H": 2, "V": 2, "C": 6, "Z": 0}[op]
        if op == "Z":
            yield "close", ()
        for i in range(0, len(numbers), size or 1):
            group = numbers[i : i + size]
            x, y = group[-2:]
            flipped = [n * mm if k % 2 == 0 else (297 - n) * mm for k, n in enumerate(group)]
            yield {"M": "moveTo", "C": "curveTo"}.get(op, "lineTo"), tuple(flipped)


def draw(record, art, body):
    out = io.BytesIO()
    page = Canvas(out, pagesize=(210 * mm, 297 * mm), pageCompression=1, invariant=1)
    text = writer(page)
    page.setStrokeColor(INK)
    page.setLineWidth(0.13 * mm)
    for figure in art:
        path = page.beginPath()
        for call, arguments in figure:
            getattr(path, call)(*arguments)
        page.drawPath(path)
    text("bold", 31, "专业技术职称证书", 105, 47, INK)
    text("bold", 16, "（高级）", 105, 58, INK)
    page.setStrokeColor(GREY)
    page.setLineWidth(0.15 * mm)
    for i, (label, field) in enumerate([("姓名", "name"), ("性别", "sex"), ("身份证号", "id_number"), ("工作单位", "unit")]):
        y = 79.5 + 12 * i
        page.line(58 * mm, (297 - y - 8) * mm, 136 * mm, (297 - y - 8) * mm)
        text("song", 13, label, 32, y + 5.5, middle=False)
        text("kai", min(15, 76 * mm / len(record[field])), record[field], 59, y + 5.5, middle=False)
    if record["photo"]:
        photo = ImageReader(str(ROOT) + record["photo"])
        page.drawImage(photo, 145 * mm, (297 - 78 - 46.2) * mm, 33 * mm, 46.2 * mm)
    words = (
        f"经<u>{record['committee']}</u>评审通过，<u>{record['issued_on']}</u>批准，具备<u>{record['series']}</u>系列"
        f"<u>{record['speciality']}</u>专业<u>{record['title']}</u>（{record['level']}）职称，特发此证。"
    )
    paragraph = Paragraph(words, body)
    _, height = paragraph.wrap(146 * mm, 60 * mm)
    paragraph.drawOn(page, 32 * mm, (297 - 136) * mm - height)
    mark = page.beginPath()
    step = 32 / (len(record["mark"]) + 8)
    for y, row in enumerate(record["mark"]):
        for start, end in row:
            mark.rect((29.6 + (start + 4) * step) * mm, (297 - 214 - (y + 5) * step) * mm, (end - start) * step * mm, step * mm)
    page.setFillColor(HexColor("#000000"))
    page.drawPath(mark, stroke=0, fill=1)
    text("hei", 7.5, "扫描二维码查验证书", 45.6, 250, GREY)
    for i, (label, field) in enumerate([("证书编号", "number"), ("批准文号", "approval")]):
        text("song", 8.5, label, 64, 219 + 11 * i, GREY, middle=False)
        text("song", 10, record[field], 64, 223.5 + 11 * i, middle=False)
    text("song", 13.5, record["issuer"], 145, 238)
    text("song", 13.5, record["issued_on"], 145, 248)
    text("hei", 7, "电子证照标识　" + record["identifier"], 105, 267.5, GREY)
    page.showPage()
    page.save()
    return out.getvalue()


def writer(page):
    def write(face, size, words, x, y, color=HexColor("#000000"), middle=True):
        page.setFont(face, size)
        page.setFillColor(color)
        (page.drawCentredString if middle else page.drawString)(x * mm, (297 - y) * mm, words)

    return write


def measure(set_record, all_records, seconds):
    """Milliseconds and bytes of one PDF."""
    set_record(all_records[0])
    start, count, size = time.process_time(), 0, 0
    for record in cycle(all_records):
        size += len(set_record(record))
        count += 1
        if time.process_time() - start >= seconds:
            return (time.process_time() - start) / count * 1e3, size / count


def main():
    figures = json.loads(Path(sys.argv[1]).read_text())
    stages = figures["stages_us"]
    pdf = sum(stages[name] for name in ("bind", "lay_out", "write_PDF")) / 1e3
    pair = sum(stages.values()) / 1e3
    print("One certificate, unsealed, in processor time on one thread:")
    print(f"  {'certpress, PDF':<24}{pdf:9.3f} ms   {figures['pdf_bytes'] / 1e3:7.1f} kB")
    print(f"  {'certpress, OFD and PDF':<24}{pair:9.3f} ms")
    all_records = list(records())
    for name, prepare in (("typst", with_typst), ("reportlab", with_reportlab)):
        time_of_one, size = measure(prepare(all_records), all_records, float(sys.argv[2]))
        ratio = f"{time_of_one / pdf:6.1f} times certpress's PDF, {time_of_one / pair:.1f} times its pair"
        print(f"  {name + ', PDF':<24}{time_of_one:9.3f} ms   {size / 1e3:7.1f} kB   {ratio}")


if __name__ == "__main__":
    main()
