//! Well-formed XMP, whatever texts go into it.

use std::fmt::Write;

/// The namespaces in use, all declared whether used or not, so that the text depends on the facts alone.
const NAMESPACES: [(&str, &str); 8] = [
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("digiKam", "http://www.digikam.org/ns/1.0/"),
    ("exif", "http://ns.adobe.com/exif/1.0/"),
    ("fstop", "http://www.fstopapp.com/xmp/"),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
    ("lr", "http://ns.adobe.com/lightroom/1.0/"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
];

const BEGINNING: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">
 <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">
  <rdf:Description rdf:about=\"\"";

const END: &str = "  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end=\"w\"?>
";

/// An XMP document being written. Properties come in the order in which they are given.
pub(super) struct Document {
    text: String,
}

impl Document {
    pub(super) fn new(is_favourite: bool) -> Self {
        let mut text = BEGINNING.to_owned();
        for (prefix, address) in NAMESPACES {
            add(&mut text, format_args!("\n    xmlns:{prefix}=\"{address}\""));
        }
        if is_favourite {
            // An attribute, as the one program that reads it expects.
            text.push_str("\n    fstop:favorite=\"1\"");
        }
        text.push_str(">\n");
        Self { text }
    }

    pub(super) fn text(&mut self, property: &str, value: &str) {
        let value = escaped(value);
        add(
            &mut self.text,
            format_args!("   <{property}>{value}</{property}>\n"),
        );
    }

    pub(super) fn language_alternative(&mut self, property: &str, value: &str) {
        let value = escaped(value);
        let item = format!("<rdf:li xml:lang=\"x-default\">{value}</rdf:li>");
        self.container(property, "Alt", &[item]);
    }

    pub(super) fn bag(&mut self, property: &str, values: impl Iterator<Item = String>) {
        self.container(property, "Bag", &items(values));
    }

    pub(super) fn sequence(&mut self, property: &str, values: impl Iterator<Item = String>) {
        self.container(property, "Seq", &items(values));
    }

    fn container(&mut self, property: &str, kind: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        add(
            &mut self.text,
            format_args!("   <{property}>\n    <rdf:{kind}>\n"),
        );
        for item in items {
            add(&mut self.text, format_args!("     {item}\n"));
        }
        add(
            &mut self.text,
            format_args!("    </rdf:{kind}>\n   </{property}>\n"),
        );
    }

    pub(super) fn finish(mut self) -> String {
        self.text.push_str(END);
        self.text
    }
}

fn items(values: impl Iterator<Item = String>) -> Vec<String> {
    values
        .map(|value| format!("<rdf:li>{}</rdf:li>", escaped(&value)))
        .collect()
}

fn add(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}

/// A text between tags. Characters that XML cannot hold at all are left out, and ends of lines are kept from being
/// taken for others.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(c),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c < ' ' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
