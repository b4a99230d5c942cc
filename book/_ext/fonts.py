"""Two small fonts, cut from large ones when the site is built: mathematics and icons.

STIX Two Math has 1.5 MB of glyphs and the icon font of the theme 150 kB. The site uses a
few hundred of them, and says so itself: its finished pages are searched for them.
"""

import base64
import re
from importlib.resources import files
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

MATH_SOURCE = files("ziamath") / "fonts/STIXTwoMath-Regular.ttf"
THEME_STATIC = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static"
ICONS = "vendor/fontawesome/webfonts/fa-solid-900.woff2"

# Equations inside a stepper are data, and a lone letter in MathML is drawn with its italic
# twin: neither can be seen by searching a page. These are therefore always there.
ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "".join(map(chr, range(0x1D434, 0x1D468)))  # italic Latin
    + "".join(map(chr, range(0x391, 0x3CA)))  # Greek
    + "".join(map(chr, range(0x1D6E2, 0x1D71C)))  # italic Greek
    + "ℎ∂∇∑∏√∞−±×·⋅∘⊙⊤∈∉ℝ≈≠≤≥≪≫←→↔↦⇒⇐⟵⟶…⋯⋮⋱′ˆ˜¯˙^~⃗⃖‖⟨⟩⌊⌋⌈⌉⏟⏞ℒ"
)


# The browser would unpack the font when it meets the first formula, and move what stands there.
LOAD = 'document.fonts.load("1em STIX Two Math");'


def keep_small_root(font):
    """
    Take the taller forms of the root sign out of a font: no root of the book has two storeys.

    A browser makes room for the widest form there is, whichever it draws, and so leaves a gap
    behind every root.
    """
    vertical = font["MATH"].table.MathVariants
    root = vertical.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])
    forms = vertical.VertGlyphConstruction[root]
    forms.MathGlyphVariantRecord = forms.MathGlyphVariantRecord[:1]
    forms.GlyphAssembly = None


def write_subset(source, characters, target):
    """Write the glyphs of some characters, with the taller and wider forms of each."""
    options = subset.Options(flavor="woff2", layout_features=["ssty"], hinting=False)
    options.name_IDs += [13, 14]  # the licence goes with the font
    font = TTFont(str(source))
    if "MATH" in font:
        keep_small_root(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)


def icons_of(pages, styles):
    """List the icons that pages ask for by class, and those that style sheets draw themselves."""
    names = set(re.findall(r"\bfa-([a-z-]+)", pages))
    by_class = re.compile(r'((?:,?\.fa-[a-z0-9-]+:before)+){content:"\\([0-9a-f]+)"}')
    codes = [
        code
        for classes, code in by_class.findall(styles)
        if names & set(re.findall(r"\.fa-([a-z0-9-]+):", classes))
    ]
    others = by_class.sub("", styles)
    codes += re.findall(r"""content:\s*["']\\([ef][0-9a-f]{3})""", others)
    return "".join(chr(int(code, 16)) for code in codes) + "".join(
        re.findall("[\ue000-\uf8ff]", others)
    )


def font_face(font):
    """Put a font into a style: it is there before the first line is drawn, so that none moves."""
    data = base64.b64encode(font).decode()
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f'@font-face{{font-family:"STIX Two Math";src:{source}}}\n'


def add_to_pages_with_mathematics(app, pagename, templatename, context, doctree):
    if any(element in context.get("body", "") for element in ("<math", "<rnn-stepper")):
        app.add_css_file("math.css")
        app.add_js_file(None, body=LOAD)


def write_fonts(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = "".join(page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    styles = "".join(
        style.read_text(encoding="utf-8") for style in (site / "_static").rglob("*.css")
    )
    math = site / "_static/math.woff2"
    write_subset(MATH_SOURCE, ALWAYS + "".join(set(pages)), math)
    math.with_suffix(".css").write_text(font_face(math.read_bytes()))
    math.unlink()
    write_subset(THEME_STATIC / ICONS, icons_of(pages, styles), site / "_static" / ICONS)


def setup(app):
    app.connect("html-page-context", add_to_pages_with_mathematics)
    app.connect("build-finished", write_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
