//! By which server mail goes out.

use std::path::PathBuf;

use clap::Args;

use super::read_setting;
use crate::mail::{Mailer, SmtpUrl};

/// How customers are asked by mail.
#[derive(Debug, Clone, Args)]
pub struct MailOptions {
    /// Server that takes mail: `smtps://USER:PASSWORD@HOST`, or `smtp://HOST:PORT`; without it none is sent.
    ///
    /// Over `smtp://` the line is encrypted if the server can, and always before a password is said; `?tls=required`,
    /// `?tls=offered` and `?tls=off` say otherwise. Prefer the environment or a file to the command line.
    #[arg(long, env = "PARERE_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<SmtpUrl>,

    /// File that holds the URL of the mail server.
    #[arg(long, env = "PARERE_SMTP_URL_FILE", conflicts_with = "smtp_url", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,

    /// Whom mail is from: `Shop <ask@shop.example>`. The server must be allowed to send for it.
    #[arg(long, env = "PARERE_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
}

impl MailOptions {
    /// The way of mail out, if there is one.
    pub fn mailer(&self) -> anyhow::Result<Option<Mailer>> {
        let server = match (&self.smtp_url, &self.smtp_url_file) {
            (Some(url), _) => url.clone(),
            (None, Some(path)) => {
                let text = read_setting("the URL of the mail server", path)?;
                text.parse().map_err(|rule| anyhow::anyhow!("the URL in {} {rule}", path.display()))?
            }
            (None, None) => return Ok(None),
        };
        let from = self.mail_from.as_deref().ok_or_else(|| {
            anyhow::anyhow!("mail needs a sender: say --mail-from, such as Shop <ask@shop.example>")
        })?;
        Ok(Some(Mailer::new(server, from)?))
    }
}
