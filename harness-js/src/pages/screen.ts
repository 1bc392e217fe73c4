/** What every screen of the widget has in common, whichever engine signs the user in. */

import type { Locator, Page } from "@playwright/test";

/** Selectors of elements that every screen has. */
export interface ScreenSelectors {
  screens: string;
  title: string;
  error: string;
  submit: string;
}

/** The widget on a page, with the selectors of its release. */
export interface Widget<S extends ScreenSelectors> {
  page: Page;
  selectors: S;
}

/** A class of screens, such as `EmailChallenge`. */
export interface ScreenClass<S extends ScreenSelectors, T extends Screen<S>> {
  new (widget: Widget<S>): T;
}

// The widget saves a form once in this time; what comes in between is lost.
const THROTTLE_MILLISECONDS = 200;
const TRIES = 3;
const LONGEST_TEXT = 300;

/**
 * One screen of the widget. An act resolves when the screen that follows is there, or, for
 * `submit`, when the widget has left the page.
 */
export abstract class Screen<S extends ScreenSelectors> {
  readonly page: Page;
  protected readonly selectors: S;

  constructor(protected readonly widget: Widget<S>) {
    this.page = widget.page;
    this.selectors = widget.selectors;
  }

  protected abstract shownAs(): string;

  /** Wait for the screen. */
  async shown(): Promise<this> {
    try {
      await this.root().waitFor();
    } catch (error) {
      throw new Error(`${this.constructor.name} did not come. ${await this.there()}`, {
        cause: error,
      });
    }
    return this;
  }

  /** Read the screen's title. */
  async title(): Promise<string> {
    return (await this.find(this.selectors.title).first().innerText()).trim();
  }

  /** Read all text of the screen. */
  async text(): Promise<string> {
    return this.root().innerText();
  }

  /** Read the error on the screen; empty if there is none. */
  async error(): Promise<string> {
    return this.readFirst(this.selectors.error);
  }

  /** Go on to a screen that comes by itself, for example after a push or a link. */
  async waitFor<T extends Screen<S>>(screen: ScreenClass<S, T>): Promise<T> {
    return new screen(this.widget).shown();
  }

  /** Wait until the widget has left the page. */
  async leave(): Promise<void> {
    await this.page.locator(this.selectors.screens).first().waitFor({ state: "hidden" });
  }

  protected root(): Locator {
    return this.page.locator(this.shownAs());
  }

  protected find(selector: string): Locator {
    return this.root().locator(selector);
  }

  protected async readFirst(selector: string): Promise<string> {
    const found = this.find(selector);
    return (await found.count()) ? (await found.first().innerText()).trim() : "";
  }

  protected async press(button: string): Promise<void> {
    // An error of an earlier try is none of the next one.
    await this.find(this.selectors.error).evaluateAll((found) =>
      found.forEach((each) => each.setAttribute("data-is-old", "")),
    );
    await this.find(button).click();
  }

  protected async follow<T extends Screen<S>>(
    selector: string,
    screen: ScreenClass<S, T>,
  ): Promise<T> {
    await this.press(selector);
    return this.waitFor(screen);
  }

  protected async pressUntilRefused(button: string): Promise<this> {
    await this.press(button);
    const pressed = await this.page.evaluate(() => performance.now());
    await this.find(`${this.selectors.error}:not([data-is-old])`).first().waitFor();
    await this.page.waitForFunction(
      ([then, wait]) => performance.now() - (then ?? 0) > (wait ?? 0),
      [pressed, THROTTLE_MILLISECONDS],
    );
    return this;
  }

  protected async type(typed: Record<string, string>): Promise<this> {
    // The widget moves the focus once, soon after a form is there, and what is typed then is lost.
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      for (const [field, text] of Object.entries(typed)) await this.find(field).fill(text);
      const values = await Promise.all(
        Object.keys(typed).map((field) => this.find(field).inputValue()),
      );
      if (Object.values(typed).every((text, place) => values[place] === text)) break;
    }
    return this;
  }

  private async there(): Promise<string> {
    const shown = this.page.locator(this.selectors.screens).first();
    if (!(await shown.count())) return `${this.page.url()} shows no screen of the widget.`;
    const text = (await shown.innerText()).replace(/\s+/g, " ").trim();
    return `${this.page.url()} shows: ${text.slice(0, LONGEST_TEXT)}`;
  }
}

/** A screen with fields and one button that sends them. */
export abstract class Form<S extends ScreenSelectors> extends Screen<S> {
  /** Send the form; resolves when the widget has left the page. */
  async submit(): Promise<void> {
    await this.press(this.submitButton());
    await this.leave();
  }

  /** Send the form; return the screen that follows. */
  async submitTo<T extends Screen<S>>(screen: ScreenClass<S, T>): Promise<T> {
    return this.follow(this.submitButton(), screen);
  }

  /** Send the form; wait for an error, and until another try works. */
  async beRefused(): Promise<this> {
    return this.pressUntilRefused(this.submitButton());
  }

  protected submitButton(): string {
    return this.selectors.submit;
  }
}
