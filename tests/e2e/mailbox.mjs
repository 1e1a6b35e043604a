// A mail server that takes every mail, and the HTML that a customer would see.

import { once } from 'node:events';
import { createServer } from 'node:net';

export class Mailbox {
  /** @type {string[]} */
  mails = [];

  /** @param {import('node:net').Server} server */
  constructor(server) {
    this.server = server;
  }

  static async open() {
    const server = createServer();
    const mailbox = new Mailbox(server);
    server.on('connection', (socket) => mailbox.speak(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mailbox;
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    return `smtp://127.0.0.1:${port}?tls=off`;
  }

  /** @param {import('node:net').Socket} socket */
  speak(socket) {
    let buffer = '';
    /** @type {string | undefined} */
    let mail;
    socket.on('error', () => socket.destroy());
    socket.write('220 test ESMTP\r\n');
    socket.on('data', (bytes) => {
      buffer += bytes;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (mail !== undefined && line !== '.') {
          mail += `${line.replace(/^\./, '')}\n`;
          continue;
        }
        if (mail !== undefined) this.mails.push(mail);
        const isData = mail === undefined && line.toUpperCase() === 'DATA';
        mail = isData ? '' : undefined;
        socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
        if (line.toUpperCase() === 'QUIT') socket.end();
      }
    });
  }

  /**
   * The HTML of a mail.
   * @param {string} mail
   */
  static html(mail) {
    const [, part] = mail.split(/^Content-Type: text\/html.*$/m);
    const [head, body] = [part.slice(0, part.indexOf('\n\n')), part.slice(part.indexOf('\n\n') + 2).split(/\n--/)[0]];
    if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
    if (!/quoted-printable/i.test(head)) return body;
    const bytes = body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString();
  }

  async close() {
    this.server.close();
  }
}
