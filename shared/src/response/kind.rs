//! Closed lists in a response: how the question came, and on what.

use serde::{Serialize, Serializer};

/// How the question reached the shopper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "lowercase"))]
pub enum Channel {
    /// In the page, in its own slot.
    Inline,
    /// In a corner of the page.
    Popover,
    /// Across the top or bottom of the page.
    Bar,
    /// Behind a tab at the side.
    Tab,
    /// On the hosted page.
    Link,
    /// From an e-mail.
    Email,
    /// From a printed code.
    Qr,
    /// On a tablet in the shop.
    Kiosk,
    /// Sent by a program.
    Api,
}

/// Class of device, by the width of its screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "lowercase"))]
pub enum Device {
    /// Up to 599 px.
    Phone,
    /// 600 to 1,023 px.
    Tablet,
    /// From 1,024 px.
    Desktop,
}

impl Channel {
    /// All of them, for reading and for messages.
    pub const ALL: [Self; 9] = [
        Self::Inline,
        Self::Popover,
        Self::Bar,
        Self::Tab,
        Self::Link,
        Self::Email,
        Self::Qr,
        Self::Kiosk,
        Self::Api,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Popover => "popover",
            Self::Bar => "bar",
            Self::Tab => "tab",
            Self::Link => "link",
            Self::Email => "email",
            Self::Qr => "qr",
            Self::Kiosk => "kiosk",
            Self::Api => "api",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

impl Device {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Tablet, Self::Desktop];

    /// The class of a screen this many CSS pixels wide.
    pub fn of_width(width_px: i32) -> Self {
        match width_px {
            ..600 => Self::Phone,
            600..1024 => Self::Tablet,
            _ => Self::Desktop,
        }
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.as_str() == text)
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
