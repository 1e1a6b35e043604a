// One shopper in a browser under test.

import { By, error, Key } from 'selenium-webdriver';

import { until } from '../e2e/stage.mjs';

/** Notes what the widget tells the page; runs in it before the tag. */
export const NOTE = `
  moments = [];
  for (const name of ['shown', 'answered', 'dismissed', 'error'])
    document.addEventListener('parere:' + name, () => moments.push(name));
  addEventListener('error', ({ message }) => moments.push(message));
  addEventListener('unhandledrejection', ({ reason }) => moments.push(String(reason)));`;

/** Where things stand and what they look like. */
const LOOK = `
  const host = document.querySelector('parere-survey');
  const card = host?.shadowRoot?.querySelector('[part~=card]');
  const part = (selector) => card.querySelector(selector);
  const box = (selector) => part(selector).getBoundingClientRect();
  const point = (score) => part('[name=score][value="' + score + '"]');`;

export class Guest {
  /**
   * @param {import('selenium-webdriver').WebDriver} browser
   */
  constructor(browser) {
    this.browser = browser;
  }

  /**
   * Runs the body of a function in the page, which knows `host`, `card`, `part`, `box` and `point`.
   * @param {string} body
   * @param {unknown[]} given
   * @returns {Promise<any>}
   */
  see(body, ...given) {
    return this.browser.executeScript(LOOK + body, ...given);
  }

  /**
   * Waits until something is so in the page.
   * @param {string} what
   * @param {string} expression
   */
  until(what, expression) {
    return until(what, () => this.see(`return ${expression}`));
  }

  /**
   * Waits until something is so on the page to which the browser is on its way; between two, WebKit knows none.
   * @param {string} what
   * @param {() => Promise<any>} look
   */
  arrives(what, look) {
    const isBetween = (/** @type {unknown} */ cause) => cause instanceof error.NoSuchFrameError;
    return until(what, () => look().catch((cause) => (isBetween(cause) ? undefined : Promise.reject(cause))));
  }

  /**
   * Opens a page and waits for the question.
   * @param {{url: string}} page
   */
  async ask({ url }) {
    await this.browser.get(url);
    await this.until('the question stands', "card?.checkVisibility() && box('fieldset').height > 0");
  }

  /**
   * The same, and both halves of the widget are there; the page has `NOTE`.
   * @param {{url: string}} page
   */
  async attended(page) {
    await this.ask(page);
    await this.until('it is seen', "moments.includes('shown')");
  }

  /**
   * A part of the card.
   * @param {string} selector
   */
  async part(selector) {
    const root = await this.browser.findElement(By.css('parere-survey')).getShadowRoot();
    return root.findElement(By.css(selector));
  }

  /**
   * A click by the browser's own pointer, at the middle of the part.
   * @param {string} selector
   */
  async click(selector) {
    await (await this.part(selector)).click();
  }

  /** @param {number} score */
  choose(score) {
    return this.click(`[name=score][value="${score}"]`);
  }

  /**
   * Keys, wherever the focus is.
   * @param {string[]} keys
   */
  press(...keys) {
    return this.browser.actions().sendKeys(...keys).perform();
  }
}

export { By, Key };
