//! What bytes are, judged by their beginning, and whether that fits what was promised.
//!
//! Not responsible for a file being whole: that is `completeness`.
//!
//! The rule is strict, since a body that contradicts its MIME type never gets a final name: the format of the
//! bytes must be one that the MIME type stands for. Google converts pictures for some renditions and then
//! says so in the `Content-Type` of the response; so callers pass that header where it names a picture or a
//! video, and the item's own MIME type otherwise. Forgiven are only names for one and the same thing (see
//! [`formats_of`]), and bytes that nobody here recognises, unless they are text.

mod misnamed;
mod signature;
mod text;

use std::fmt;

pub(crate) use misnamed::{Misnamed, misnamed};

/// How many bytes of a body suffice to judge it. The farthest signature looked for is that of a tar archive,
/// at 257; the rest is for text, which may begin with blanks.
pub(crate) const HEAD_BYTES: usize = 512;

/// What the beginning of a file shows it to be. Formats that are told apart by more than their beginning
/// (TIFF and the RAW formats built on it, MP4 and `QuickTime`, HEIC and AVIF) are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
    Icon,
    Photoshop,
    JpegXl,
    Jpeg2000,
    /// HEIC, HEIF, AVIF: pictures in ISO base media boxes.
    Heif,
    /// TIFF, DNG and most cameras' RAW formats.
    Tiff,
    /// RAW formats with a signature of their own.
    Raw,
    /// MP4, `QuickTime`, 3GP: videos in ISO base media boxes.
    IsoVideo,
    Matroska,
    Avi,
    MpegTransport,
    MpegProgram,
    Asf,
    Flv,
    Ogg,
    Html,
    Json,
    Xml,
    PlainText,
    /// Nothing but zero bytes: the hole that a crash leaves in a file.
    Zeros,
    /// No bytes at all. Never recognised from a head, which may only not have come yet.
    Empty,
    /// An image, a video or something quite different that is known, but to Google Photos' users hardly.
    Other(Kind, &'static str),
}

/// The class of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Image,
    Video,
    /// Neither: a web page, an error message, an archive.
    NotMedia,
}

/// Bytes that are not what they were said to be. Its `Display` says what they are: `an HTML page`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contradiction {
    pub(crate) found: Format,
}

/// Whether a body that begins with `head` (the first [`HEAD_BYTES`], or all if there are fewer) cannot be of type
/// `mime`. An empty head contradicts nothing: that a body is missing is for its length to tell.
pub(crate) fn contradiction(head: &[u8], mime: &str) -> Option<Contradiction> {
    let found = recognise(head)?;
    let mime = mime
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if fits(found, &mime) {
        None
    } else {
        Some(Contradiction { found })
    }
}

/// What bytes that begin with `head` are, if they are anything known.
pub(crate) fn recognise(head: &[u8]) -> Option<Format> {
    signature::media(head)
        .or_else(|| text::markup(head))
        .or_else(|| other_or_text(head))
}

/// Some rare formats have so short a signature (`BM`) that a sentence may begin with it.
fn other_or_text(head: &[u8]) -> Option<Format> {
    let rare = signature::other(head);
    match text::plain(head) {
        Some(text) if rare.is_none_or(|format| format.kind() != Kind::NotMedia) => Some(text),
        _ => rare,
    }
}

fn fits(found: Format, mime: &str) -> bool {
    if mime == "image/svg+xml" {
        return found == Format::Xml;
    }
    match (formats_of(mime), claimed_kind(mime)) {
        _ if matches!(found, Format::Other(_, known) if known == mime) => true,
        (Some(formats), _) => formats.contains(&found),
        (None, Some(kind)) => found.kind() == kind,
        (None, None) => found.kind() != Kind::NotMedia,
    }
}

/// A MIME type says at least this, even an unknown one.
fn claimed_kind(mime: &str) -> Option<Kind> {
    match mime.split_once('/')?.0 {
        "image" => Some(Kind::Image),
        "video" => Some(Kind::Video),
        _ => None,
    }
}

/// The formats that a MIME type stands for, or `None` if it is not a known one.
///
/// More than one is allowed where the names are used for each other: all pictures in ISO boxes, all videos in
/// ISO boxes, the two MPEG streams. A camera's RAW may be TIFF, JPEG or something of its own inside.
fn formats_of(mime: &str) -> Option<&'static [Format]> {
    let (class, name) = mime.split_once('/')?;
    match class {
        "image" => image_formats(name),
        "video" => video_formats(name),
        _ => None,
    }
}

fn image_formats(name: &str) -> Option<&'static [Format]> {
    Some(match name {
        "jpeg" | "jpg" | "pjpeg" | "mpo" | "x-jps" => &[Format::Jpeg],
        "png" | "x-png" | "apng" | "vnd.mozilla.apng" => &[Format::Png],
        "gif" => &[Format::Gif],
        "webp" => &[Format::WebP],
        "bmp" | "x-bmp" | "x-ms-bmp" => &[Format::Bmp],
        "x-icon" | "vnd.microsoft.icon" => &[Format::Icon],
        "vnd.adobe.photoshop" | "x-photoshop" | "psd" => &[Format::Photoshop],
        "jxl" => &[Format::JpegXl],
        "jp2" | "jpx" | "jpm" => &[Format::Jpeg2000],
        "heic" | "heif" | "avif" | "heic-sequence" | "heif-sequence" | "avif-sequence" => &[Format::Heif],
        "tiff" | "tif" => &[Format::Tiff],
        _ if is_raw(name) => &[Format::Tiff, Format::Jpeg, Format::Raw],
        _ => return None,
    })
}

fn video_formats(name: &str) -> Option<&'static [Format]> {
    Some(match name {
        "mp4" | "quicktime" | "m4v" | "x-m4v" | "mpeg4" | "3gpp" | "3gpp2" | "3gp" | "mj2" => {
            &[Format::IsoVideo]
        }
        "webm" | "x-matroska" | "matroska" => &[Format::Matroska],
        "avi" | "x-msvideo" | "msvideo" | "vnd.avi" | "divx" | "vnd.divx" => &[Format::Avi],
        "mp2t" | "mpeg" | "mp2p" | "mpg" | "vnd.dlna.mpeg-tts" | "avchd-stream" | "mpeg2" => {
            &[Format::MpegTransport, Format::MpegProgram]
        }
        "x-ms-wmv" | "x-ms-asf" | "wmv" | "asf" => &[Format::Asf],
        "x-flv" | "flv" => &[Format::Flv],
        "ogg" => &[Format::Ogg],
        _ => return None,
    })
}

/// MIME types of cameras' RAW formats: those that name a maker, and DNG, and the collective ones.
fn is_raw(name: &str) -> bool {
    const MAKERS: [&str; 16] = [
        "x-adobe-",
        "x-canon-",
        "x-nikon-",
        "x-sony-",
        "x-panasonic-",
        "x-olympus-",
        "x-fuji-",
        "x-fujifilm-",
        "x-pentax-",
        "x-samsung-",
        "x-minolta-",
        "x-kodak-",
        "x-sigma-",
        "x-leica-",
        "x-hasselblad-",
        "x-epson-",
    ];
    MAKERS.iter().any(|maker| name.starts_with(maker))
        || matches!(name, "dng" | "x-dng" | "x-raw" | "x-dcraw" | "raw")
}

impl Format {
    /// The class this format belongs to.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP | Self::Bmp | Self::Icon | Self::Photoshop => {
                Kind::Image
            }
            Self::JpegXl | Self::Jpeg2000 | Self::Heif | Self::Tiff | Self::Raw => Kind::Image,
            Self::IsoVideo | Self::Matroska | Self::Avi | Self::MpegTransport | Self::MpegProgram => {
                Kind::Video
            }
            Self::Asf | Self::Flv | Self::Ogg => Kind::Video,
            Self::Html | Self::Json | Self::Xml | Self::PlainText | Self::Zeros | Self::Empty => {
                Kind::NotMedia
            }
            Self::Other(kind, _) => kind,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "a JPEG image",
            Self::Png => "a PNG image",
            Self::Gif => "a GIF image",
            Self::WebP => "a WebP image",
            Self::Bmp => "a BMP image",
            Self::Icon => "an icon",
            Self::Photoshop => "a Photoshop image",
            Self::JpegXl => "a JPEG XL image",
            Self::Jpeg2000 => "a JPEG 2000 image",
            Self::Heif => "a HEIF image",
            Self::Tiff => "a TIFF or RAW image",
            Self::Raw => "a RAW image",
            Self::IsoVideo => "an MP4 or QuickTime video",
            Self::Matroska => "a Matroska or WebM video",
            Self::Avi => "an AVI video",
            Self::MpegTransport => "an MPEG transport stream",
            Self::MpegProgram => "an MPEG video",
            Self::Asf => "a Windows Media video",
            Self::Flv => "a Flash video",
            Self::Ogg => "an Ogg stream",
            Self::Html => "an HTML page",
            Self::Json => "a JSON text",
            Self::Xml => "an XML document",
            Self::PlainText => "a plain text",
            Self::Zeros => "nothing but zero bytes",
            Self::Empty => "an empty file",
            Self::Other(kind, mime) => return kind.describe(mime, f),
        })
    }
}

impl Kind {
    /// A format we have no words for, by its MIME type, which comes from a fixed list and not from outside.
    fn describe(self, mime: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self {
            Self::Image => "an image",
            Self::Video => "a video",
            Self::NotMedia => "a file",
        };
        write!(f, "{class} of type {mime}")
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found.fmt(f)
    }
}

#[cfg(test)]
mod tests;
