/**
 * The widget's screens where the Identity Engine signs users in, in both generations of 7.49.
 *
 * `Identify.on(page)` is the first one. What follows an act is a matter of the org's policies, so
 * the test names it: `await identify.signInTo(login, password, EmailChallenge)`.
 */

import type { Page } from "@playwright/test";
import { Form, type Screen, type ScreenClass, type Widget } from "./screen";
import selectors from "./selectors.json";

type Generation = keyof typeof selectors.identity.generations;
export type IdentitySelectors = (typeof selectors.identity.generations)[Generation];
export type IdentityWidget = Widget<IdentitySelectors>;
type Name = keyof typeof selectors.identity.screens;
type ClassOf<T extends Screen<IdentitySelectors>> = ScreenClass<IdentitySelectors, T>;

/** A screen of one authenticator; `rows` are the names that its row may have in lists. */
interface OfAuthenticator<T extends Screen<IdentitySelectors>> extends ClassOf<T> {
  readonly rows: readonly string[];
}

/** Find the widget on a page, of either generation. */
export async function identityWidgetOn(page: Page): Promise<IdentityWidget> {
  const { isThere, thirdIsThere, generations } = selectors.identity;
  await page.locator(isThere).first().waitFor();
  const isThird = (await page.locator(thirdIsThere).count()) > 0;
  return { page, selectors: isThird ? generations[3] : generations[2] };
}

function shownBy(name: Name, shown: IdentitySelectors): string {
  return selectors.identity.screens[name][String(shown.generation) as Generation];
}

function rowsOf(name: Name): readonly string[] {
  return selectors.identity.screens[name].rows;
}

/** Give the selector of the row that leads to a screen. */
function rowOf(screen: { readonly rows: readonly string[] }, shown: IdentitySelectors): string {
  return `:is(${screen.rows.map((name) => shown.row.replace("{}", name)).join(", ")})`;
}

/** One screen; those without a form, such as `Terminal`, have nothing to submit. */
export abstract class IdentityScreen extends Form<IdentitySelectors> {
  protected abstract readonly kind: Name;

  protected override shownAs(): string {
    return shownBy(this.kind, this.selectors);
  }

  /** Read who is signing in; empty if the screen does not say. */
  async user(): Promise<string> {
    return this.readFirst(this.selectors.user);
  }

  /** Read the error below a field; empty if there is none. */
  async fieldError(): Promise<string> {
    return this.readFirst(this.selectors.field_error);
  }

  /** Go back to the first screen. */
  async cancel(): Promise<Identify> {
    return this.follow(this.selectors.cancel, Identify);
  }
}

/** Asks for the user name, and for the password too if the org's policies say so. */
export class Identify extends IdentityScreen {
  protected readonly kind = "Identify";

  /** Find the screen on a page. */
  static async on(page: Page): Promise<Identify> {
    return new Identify(await identityWidgetOn(page)).shown();
  }

  /** Sign in as a user of whom nothing more is asked. */
  async signIn(login: string, password: string): Promise<void> {
    await (await this.fill(login, password)).submit();
  }

  /** Sign in as a user of whom more is asked; return the screen that asks. */
  async signInTo<T extends Screen<IdentitySelectors>>(
    login: string,
    password: string,
    screen: ClassOf<T>,
  ): Promise<T> {
    return (await this.fill(login, password)).submitTo(screen);
  }

  /** Type the user name, and the password if the screen asks for it. */
  async fill(login: string, password?: string): Promise<this> {
    const { identifier, passcode } = this.selectors;
    return this.type({
      [identifier]: login,
      ...(password === undefined ? {} : { [passcode]: password }),
    });
  }

  /** Press "Sign in with Okta FastPass", which the org can show above the name. */
  async signInWithFastPass(): Promise<FastPassChallenge> {
    return this.follow(this.selectors.ask_app, FastPassChallenge);
  }

  /** Check or uncheck "Keep me signed in". */
  async keepMeSignedIn(): Promise<this> {
    await this.find(this.selectors.checkbox.replace("{}", "rememberMe")).click();
    return this;
  }

  async forgotPassword(): Promise<IdentifyRecovery> {
    return this.follow(this.selectors.forgot_password, IdentifyRecovery);
  }

  async unlockAccount(): Promise<UnlockAccount> {
    return this.follow(this.selectors.unlock, UnlockAccount);
  }

  async signUp(): Promise<EnrollProfile> {
    return this.follow(this.selectors.sign_up, EnrollProfile);
  }
}

/** The form of a new user, or one with what is missing in a profile. */
export class EnrollProfile extends IdentityScreen {
  protected readonly kind = "EnrollProfile";

  /** Fill in attributes of the profile, by Okta's names. */
  async fill(profile: Record<string, string>, password?: string): Promise<this> {
    const typed = Object.entries(profile).map(([name, text]): [string, string] => [
      this.selectors.profile_field.replace("{}", name),
      text,
    ]);
    if (password !== undefined) typed.push([this.selectors.passcode, password]);
    return this.type(Object.fromEntries(typed));
  }
}

/** Asks whether an app may have what it asked for; `submit` allows it. */
export class Consent extends IdentityScreen {
  protected readonly kind = "Consent";

  async deny(): Promise<void> {
    await this.press(this.selectors.deny);
    await this.leave();
  }
}

/** A message alone: nothing is left to do. */
export class Terminal extends IdentityScreen {
  protected readonly kind = "Terminal";
}

abstract class List extends IdentityScreen {
  /** Choose an authenticator by the class of its screen; return that screen. */
  async choose<T extends Screen<IdentitySelectors>>(screen: OfAuthenticator<T>): Promise<T> {
    return this.follow(rowOf(screen, this.selectors), screen);
  }

  /** Read what there is to choose from. */
  async offered(): Promise<string[]> {
    const labels = await this.find(this.selectors.row_label).allInnerTexts();
    return labels.map((each) => each.trim());
  }
}

/** The authenticators by which the user can prove who they are. */
export class SelectAuthenticator extends List {
  protected readonly kind = "SelectAuthenticator";
}

/** What the user may set up, or must. */
export class SelectEnrollment extends List {
  protected readonly kind = "SelectEnrollment";

  /** Set up nothing more for now. */
  async later(): Promise<void> {
    await this.press(this.selectors.set_up_later);
    await this.leave();
  }
}

abstract class Challenge extends IdentityScreen {
  /** Go to the list of authenticators. */
  async verifyWithSomethingElse(): Promise<SelectAuthenticator> {
    return this.follow(this.selectors.something_else, SelectAuthenticator);
  }
}

abstract class Asking extends Challenge {
  /** Enter the right code or answer. */
  async verify(answer: string): Promise<void> {
    await (await this.fill(answer)).submit();
  }

  /** Type the code or answer. */
  async fill(answer: string): Promise<this> {
    return this.type({ [this.field()]: answer });
  }

  protected field(): string {
    return this.selectors.passcode;
  }

  protected async send(button: string, shows: string): Promise<this> {
    await this.press(button);
    await this.find(shows).first().waitFor();
    return this;
  }
}

export class ChallengePassword extends Asking {
  static readonly rows = rowsOf("ChallengePassword");
  protected readonly kind = "ChallengePassword";
}

/** A passcode by e-mail, with a link beside it. */
export class EmailChallenge extends Asking {
  static readonly rows = rowsOf("EmailChallenge");
  protected readonly kind = "EmailChallenge";

  /** Have the e-mail sent. */
  async sendEmail(): Promise<this> {
    return this.send(this.selectors.submit, this.selectors.enter_code_instead);
  }

  /** Show the field for the passcode. */
  async enterCodeInstead(): Promise<this> {
    return this.send(this.selectors.enter_code_instead, this.selectors.passcode);
  }
}

/** A passcode by SMS or by a call. */
export class PhoneChallenge extends Asking {
  static readonly rows = rowsOf("PhoneChallenge");
  protected readonly kind = "PhoneChallenge";

  /** Have the passcode sent. */
  async sendCode(): Promise<this> {
    return this.send(this.selectors.submit, this.selectors.passcode);
  }

  /** Be called. */
  async call(): Promise<this> {
    return this.send(this.selectors.call_instead, this.selectors.passcode);
  }
}

export class GoogleChallenge extends Asking {
  static readonly rows = rowsOf("GoogleChallenge");
  protected readonly kind = "GoogleChallenge";
}

/** The code that Okta Verify shows. */
export class OktaVerifyChallenge extends Asking {
  static readonly rows = rowsOf("OktaVerifyChallenge");
  protected readonly kind = "OktaVerifyChallenge";

  protected override field(): string {
    return this.selectors.totp;
  }
}

export class QuestionChallenge extends Asking {
  static readonly rows = rowsOf("QuestionChallenge");
  protected readonly kind = "QuestionChallenge";

  protected override field(): string {
    return this.selectors.answer;
  }
}

/** A push to Okta Verify, answered on the user's phone: `okta.approvePush()`. */
export class PushChallenge extends Challenge {
  static readonly rows = rowsOf("PushChallenge");
  protected readonly kind = "PushChallenge";

  /** Read the number that the user must pick. */
  async number(): Promise<string> {
    return (await this.find(this.selectors.number).innerText()).trim();
  }

  /** Have a push sent. */
  async sendPush(): Promise<this> {
    const row = rowOf(PushChallenge, this.selectors);
    await this.press(`:is(${this.selectors.submit}, ${row})`);
    return this;
  }
}

/** Okta FastPass: Okta Verify on the user's computer, answered by `okta.approvePush()`. */
export class FastPassChallenge extends Challenge {
  static readonly rows = rowsOf("FastPassChallenge");
  protected readonly kind = "FastPassChallenge";

  /** Ask the app, where the screen asks how before. */
  async sendToApp(): Promise<this> {
    const row = rowOf(FastPassChallenge, this.selectors);
    await this.press(`:is(${this.selectors.submit}, ${row})`);
    return this;
  }
}

/** A security key; the screen asks for it at once. */
export class SecurityKeyChallenge extends Challenge {
  static readonly rows = rowsOf("SecurityKeyChallenge");
  protected readonly kind = "SecurityKeyChallenge";
}

abstract class Enrollment extends IdentityScreen {
  /** Go back to the list. */
  async returnToList(): Promise<SelectEnrollment> {
    return this.follow(this.selectors.something_else, SelectEnrollment);
  }

  /** Type the code that was sent, or that the app shows. */
  async fill(code: string): Promise<this> {
    return this.type({ [this.selectors.passcode]: code });
  }
}

export class EmailEnrollment extends Enrollment {
  static readonly rows = rowsOf("EmailEnrollment");
  protected readonly kind = "EmailEnrollment";

  /** Show the field for the passcode. */
  async enterCodeInstead(): Promise<this> {
    await this.press(this.selectors.enter_code_instead);
    await this.find(this.selectors.passcode).first().waitFor();
    return this;
  }
}

/** A phone: its number, then the passcode that was sent there. */
export class PhoneEnrollment extends Enrollment {
  static readonly rows = rowsOf("PhoneEnrollment");
  protected readonly kind = "PhoneEnrollment";

  /** Have a passcode sent to a number, which is given without the country's code. */
  async sendTo(number: string): Promise<this> {
    await this.type({ [this.selectors.phone_number]: number });
    await this.press(this.selectors.submit);
    await this.find(this.selectors.passcode).waitFor();
    return this;
  }
}

/** A QR code for Google Authenticator, then the first code that it shows. */
export class GoogleEnrollment extends Enrollment {
  static readonly rows = rowsOf("GoogleEnrollment");
  protected readonly kind = "GoogleEnrollment";

  /** Read the secret in place of the QR code, base32. */
  async secret(): Promise<string> {
    await this.press(this.selectors.cannot_scan);
    return (await this.find(this.selectors.secret).innerText()).replace(/\s/g, "");
  }

  /** Go on to the field for the code. */
  async scanned(): Promise<this> {
    await this.press(this.selectors.qr_code_next);
    await this.find(this.selectors.passcode).waitFor();
    return this;
  }

  protected override submitButton(): string {
    return this.selectors.qr_code_verify;
  }
}

/** A QR code for Okta Verify; `okta.approvePush()` scans it. */
export class OktaVerifyEnrollment extends Enrollment {
  static readonly rows = rowsOf("OktaVerifyEnrollment");
  protected readonly kind = "OktaVerifyEnrollment";
}

export class QuestionEnrollment extends Enrollment {
  static readonly rows = rowsOf("QuestionEnrollment");
  protected readonly kind = "QuestionEnrollment";

  /** Type the answer to the question that the screen has chosen. */
  override async fill(answer: string): Promise<this> {
    return this.type({ [this.selectors.answer]: answer });
  }
}

export class SecurityKeyEnrollment extends Enrollment {
  static readonly rows = rowsOf("SecurityKeyEnrollment");
  protected readonly kind = "SecurityKeyEnrollment";

  protected override submitButton(): string {
    return this.selectors.set_up_key;
  }
}

export class IdentifyRecovery extends IdentityScreen {
  protected readonly kind = "IdentifyRecovery";

  /** Type the user name. */
  async fill(login: string): Promise<this> {
    return this.type({ [this.selectors.identifier]: login });
  }
}

export class UnlockAccount extends IdentityScreen {
  protected readonly kind = "UnlockAccount";

  /** Type the user name and choose an authenticator, by the class of its screen. */
  async choose<T extends Screen<IdentitySelectors>>(
    login: string,
    screen: OfAuthenticator<T>,
  ): Promise<T> {
    await this.type({ [this.selectors.identifier]: login });
    const row = this.page.locator(rowOf(screen, this.selectors));
    // The third generation shows the list on a page of its own.
    if (!(await row.count())) await this.press(this.selectors.unlock_next);
    await row.click();
    return this.waitFor(screen);
  }
}

abstract class NewPassword extends IdentityScreen {
  /** Type the password twice. */
  async fill(password: string, repeated = password): Promise<this> {
    const { passcode, confirm_password } = this.selectors;
    return this.type({ [passcode]: password, [confirm_password]: repeated });
  }
}

export class ExpiredPassword extends NewPassword {
  protected readonly kind = "ExpiredPassword";
}

export class ExpiringPassword extends NewPassword {
  protected readonly kind = "ExpiringPassword";

  /** Keep the password for now. */
  async remindMeLater(): Promise<void> {
    await this.press(this.selectors.remind_me_later);
    await this.leave();
  }
}

export class ResetPassword extends NewPassword {
  protected readonly kind = "ResetPassword";
}
