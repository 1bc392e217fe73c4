/**
 * The widget's screens where the Classic Engine signs users in, named as the widget names them.
 *
 * `SignInForm.on(page, "3.2.2")` is the first one.
 */

import type { Page } from "@playwright/test";
import { Form, type Screen, type ScreenClass, type Widget } from "./screen";
import selectors from "./selectors.json";

type Release = keyof typeof selectors.classic.releases;
export type ClassicSelectors = (typeof selectors.classic.releases)[Release];
export type ClassicWidget = Widget<ClassicSelectors>;
type Name = keyof typeof selectors.classic.screens;
type ClassOf<T extends Screen<ClassicSelectors>> = ScreenClass<ClassicSelectors, T>;

/** A screen of one factor; `menuItem` is its place in the menu of factors. */
interface OfFactor<T extends Screen<ClassicSelectors>> extends ClassOf<T> {
  readonly menuItem: string;
}

/** Return the widget on a page; `version` is its release, such as "3.2.2". */
export function classicWidgetOn(page: Page, version: string): ClassicWidget {
  const number = version.split(".")[0] as Release;
  const found = selectors.classic.releases[number];
  if (!found) throw new Error(`The page objects do not support widget ${version}.`);
  return { page, selectors: found };
}

/** One screen; those without a form, such as `RegistrationComplete`, have nothing to submit. */
export abstract class ClassicScreen extends Form<ClassicSelectors> {
  protected abstract readonly kind: Name;

  protected override shownAs(): string {
    return selectors.classic.screens[this.kind].shownAs;
  }

  /** Follow the link "Sign out" or "Back to sign in". */
  async signOut(): Promise<SignInForm> {
    return this.follow(this.selectors.sign_out, SignInForm);
  }

  protected async read(selector: string): Promise<string> {
    return (await this.find(selector).innerText()).trim();
  }
}

/** The form for user name and password. */
export class SignInForm extends ClassicScreen {
  protected readonly kind = "SignInForm";

  /** Find the form on a page. */
  static async on(page: Page, version: string): Promise<SignInForm> {
    return new SignInForm(classicWidgetOn(page, version)).shown();
  }

  /** Sign in as a user of whom nothing more is asked. */
  async signIn(login: string, password: string): Promise<void> {
    await (await this.fill(login, password)).submit();
  }

  /** Sign in as a user of whom more is asked; return the screen that asks. */
  async signInTo<T extends Screen<ClassicSelectors>>(
    login: string,
    password: string,
    screen: ClassOf<T>,
  ): Promise<T> {
    return (await this.fill(login, password)).submitTo(screen);
  }

  /** Type user name and password. */
  async fill(login: string, password: string): Promise<this> {
    const form = this.selectors.sign_in;
    return this.type({ [form.username]: login, [form.password]: password });
  }

  /** Check or uncheck "Remember me". */
  async rememberMe(): Promise<this> {
    await this.find(this.selectors.sign_in.remember_me).click();
    return this;
  }

  async forgotPassword(): Promise<ForgotPassword> {
    await this.needHelp();
    return this.follow(this.selectors.forgot_password, ForgotPassword);
  }

  /** Follow the link for locked-out users; the widget shows it only if it is configured. */
  async unlockAccount(): Promise<AccountUnlock> {
    await this.needHelp();
    return this.follow(this.selectors.unlock, AccountUnlock);
  }

  /** Follow the link for new users; the widget shows it only if it is configured. */
  async register(): Promise<Registration> {
    return this.follow(this.selectors.register, Registration);
  }

  protected override submitButton(): string {
    return this.selectors.sign_in.submit;
  }

  private async needHelp(): Promise<void> {
    await this.find(this.selectors.need_help).click();
  }
}

abstract class VerifyFactor extends ClassicScreen {
  /** Choose another factor in the menu, by the class of its screen. */
  async choose<T extends Screen<ClassicSelectors>>(screen: OfFactor<T>): Promise<T> {
    await this.page.locator(selectors.classic.factorMenu).click();
    await this.page.locator(screen.menuItem).click();
    return this.waitFor(screen);
  }

  /** Check or uncheck "Do not challenge me on this device". */
  async rememberDevice(): Promise<this> {
    await this.find(this.selectors.remember_device).click();
    return this;
  }

  /** Press a button, and wait until the org has answered. */
  protected async send(button: string): Promise<this> {
    const answered = this.page.waitForResponse(
      (response) =>
        response.request().method() === "POST" &&
        response.url().includes("/api/v1/authn/factors/"),
    );
    await this.press(button);
    await answered;
    return this;
  }
}

abstract class VerifyAnswer extends VerifyFactor {
  /** Enter the right code or answer. */
  async verify(answer: string): Promise<void> {
    await (await this.fill(answer)).submit();
  }

  /** Type the code or answer. */
  async fill(answer: string): Promise<this> {
    return this.type({ [this.selectors.answer]: answer });
  }
}

function menuItemOf(name: Name): string {
  return selectors.classic.screens[name].menuItem;
}

export class VerifyGoogleAuthenticator extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifyGoogleAuthenticator");
  protected readonly kind = "VerifyGoogleAuthenticator";
}

export class VerifyOktaVerify extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifyOktaVerify");
  protected readonly kind = "VerifyOktaVerify";
}

export class VerifyQuestion extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifyQuestion");
  protected readonly kind = "VerifyQuestion";
}

export class VerifySms extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifySms");
  protected readonly kind = "VerifySms";

  /** Request a code, and wait until it is sent. */
  async sendCode(): Promise<this> {
    return this.send(this.selectors.send_sms);
  }
}

export class VerifyCall extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifyCall");
  protected readonly kind = "VerifyCall";

  /** Request a call, and wait until the org has made it. */
  async call(): Promise<this> {
    return this.send(this.selectors.make_call);
  }
}

export class VerifyEmail extends VerifyAnswer {
  static readonly menuItem = menuItemOf("VerifyEmail");
  protected readonly kind = "VerifyEmail";

  /** Request a code, and wait until it is sent. */
  async sendCode(): Promise<this> {
    return this.send(this.selectors.send_email);
  }
}

export class VerifyPassword extends VerifyFactor {
  static readonly menuItem = menuItemOf("VerifyPassword");
  protected readonly kind = "VerifyPassword";

  /** Enter the right password. */
  async verify(password: string): Promise<void> {
    await this.type({ [this.selectors.password]: password });
    await this.submit();
  }
}

/** A push to Okta Verify, answered on the user's phone: `okta.approvePush()`. */
export class VerifyPush extends VerifyFactor {
  static readonly menuItem = menuItemOf("VerifyPush");
  protected readonly kind = "VerifyPush";

  /** Request a push, and wait until it is sent. */
  async sendPush(): Promise<this> {
    return this.send(this.selectors.submit);
  }

  /** Read the number that the user must pick. */
  async number(): Promise<string> {
    return this.read(this.selectors.number);
  }
}

/** A security key; the screen asks for it at once. */
export class VerifyWebAuthn extends VerifyFactor {
  static readonly menuItem = menuItemOf("VerifyWebAuthn");
  protected readonly kind = "VerifyWebAuthn";
}

/** A password that has expired, or will expire soon: then the user can skip the screen. */
export class PasswordExpired extends ClassicScreen {
  protected readonly kind = "PasswordExpired";

  /** Type the old password, and the new one twice. */
  async fill(old: string, password: string, repeated = password): Promise<this> {
    const { old_password, new_password, confirm_password } = this.selectors;
    return this.type({
      [old_password]: old,
      [new_password]: password,
      [confirm_password]: repeated,
    });
  }

  /** Keep the password for now. */
  async skip(): Promise<void> {
    await this.press(this.selectors.skip);
    await this.leave();
  }
}

/** A new password, for a user who has proved their identity in another way. */
export class PasswordReset extends ClassicScreen {
  protected readonly kind = "PasswordReset";

  /** Type the new password twice. */
  async fill(password: string, repeated = password): Promise<this> {
    const { new_password, confirm_password } = this.selectors;
    return this.type({ [new_password]: password, [confirm_password]: repeated });
  }
}

abstract class RecoveryStart extends ClassicScreen {
  /** Type the user name. */
  async fill(login: string): Promise<this> {
    return this.type({ [this.selectors.recovery_username]: login });
  }

  /** Request a code by SMS; the widget shows this button only if it is configured. */
  async sendSms(): Promise<RecoveryChallenge> {
    return this.follow(this.selectors.by_sms, RecoveryChallenge);
  }
}

export class ForgotPassword extends RecoveryStart {
  protected readonly kind = "ForgotPassword";

  /** Request a link by e-mail. */
  async sendEmail(): Promise<PasswordResetEmailSent> {
    return this.follow(this.selectors.by_email, PasswordResetEmailSent);
  }
}

export class AccountUnlock extends RecoveryStart {
  protected readonly kind = "AccountUnlock";

  /** Request a link by e-mail. */
  async sendEmail(): Promise<AccountUnlockEmailSent> {
    return this.follow(this.selectors.by_email, AccountUnlockEmailSent);
  }
}

export class PasswordResetEmailSent extends ClassicScreen {
  protected readonly kind = "PasswordResetEmailSent";
}

export class AccountUnlockEmailSent extends ClassicScreen {
  protected readonly kind = "AccountUnlockEmailSent";
}

export class AccountUnlocked extends ClassicScreen {
  protected readonly kind = "AccountUnlocked";
}

/** A code was sent to the user's phone. */
export class RecoveryChallenge extends ClassicScreen {
  protected readonly kind = "RecoveryChallenge";

  /** Type the code. */
  async fill(code: string): Promise<this> {
    return this.type({ [this.selectors.pass_code]: code });
  }
}

/** The user's own recovery question. */
export class RecoveryQuestion extends ClassicScreen {
  protected readonly kind = "RecoveryQuestion";

  /** Type the answer. */
  async fill(answer: string): Promise<this> {
    return this.type({ [this.selectors.answer]: answer });
  }
}

/** The registration form, with the fields of the org's policy. */
export class Registration extends ClassicScreen {
  protected readonly kind = "Registration";

  /** Fill in the fields by their names: `email`, `password`, `firstName` and so on. */
  async fill(fields: Record<string, string>): Promise<this> {
    const typed = Object.entries(fields).map(([name, text]) => [
      this.selectors.field.replace("{}", name),
      text,
    ]);
    return this.type(Object.fromEntries(typed) as Record<string, string>);
  }
}

export class RegistrationComplete extends ClassicScreen {
  protected readonly kind = "RegistrationComplete";
}

/** The list of factors to set up; `submit` finishes. */
export class EnrollChoices extends ClassicScreen {
  protected readonly kind = "EnrollChoices";

  /** Read the names of all rows: `QUESTION`, `SMS`, `GOOGLE_AUTH` and so on. */
  async factors(): Promise<string[]> {
    return this.find(this.selectors.enrollable).evaluateAll((rows) =>
      rows.map((row) => row.getAttribute("data-se") ?? ""),
    );
  }

  /** Set up the factor of that name; return its first screen. */
  async setUp<T extends Screen<ClassicSelectors>>(name: string, screen: ClassOf<T>): Promise<T> {
    return this.follow(this.selectors.set_up.replace("{}", name), screen);
  }
}

abstract class EnrollPhone extends ClassicScreen {
  /** Type the number, request a code, and wait until the screen asks for it. */
  async sendTo(number: string): Promise<this> {
    await this.type({ [this.selectors.phone_number]: number });
    await this.press(this.selectors.send_to_phone);
    await this.find(this.selectors.pass_code).waitFor();
    return this;
  }

  /** Type the code. */
  async fill(code: string): Promise<this> {
    return this.type({ [this.selectors.pass_code]: code });
  }
}

export class EnrollSms extends EnrollPhone {
  protected readonly kind = "EnrollSms";
}

export class EnrollCall extends EnrollPhone {
  protected readonly kind = "EnrollCall";
}

export class EnrollWebAuthn extends ClassicScreen {
  protected readonly kind = "EnrollWebAuthn";
}

/** The kind of phone, for Google Authenticator and Okta Verify. */
export class EnrollTotp extends ClassicScreen {
  protected readonly kind = "EnrollTotp";

  /** Pick the kind of phone; return the screen with the QR code. */
  async on<T extends Screen<ClassicSelectors>>(
    device: "APPLE" | "ANDROID",
    screen: ClassOf<T>,
  ): Promise<T> {
    await this.find(this.selectors.device_type.replace("{}", device)).click();
    return this.submitTo(screen);
  }
}

/** The QR code for an app that shows codes. */
export class BarcodeTotp extends ClassicScreen {
  protected readonly kind = "BarcodeTotp";

  /** Go on to the field for the app's first code. */
  async scanned(): Promise<ActivateTotp> {
    return this.submitTo(ActivateTotp);
  }
}

/** The QR code for Okta Verify; `okta.approvePush()` scans it. */
export class BarcodePush extends ClassicScreen {
  protected readonly kind = "BarcodePush";
}

/** The first code that the app shows. */
export class ActivateTotp extends ClassicScreen {
  protected readonly kind = "ActivateTotp";

  /** Type the code. */
  async fill(code: string): Promise<this> {
    return this.type({ [this.selectors.pass_code]: code });
  }
}

/** The form with only a user name, which decides where the user signs in. */
export class IdpDiscovery extends ClassicScreen {
  protected readonly kind = "IdpDiscovery";

  /** Enter a user of the org itself; return the form that asks for the password. */
  async goOn(login: string): Promise<SignInForm> {
    await this.type({ [this.selectors.discovery_username]: login });
    return this.submitTo(SignInForm);
  }
}

/** The consent screen for an app's scopes; `submit` allows them. */
export class ConsentRequired extends ClassicScreen {
  protected readonly kind = "ConsentRequired";

  async refuse(): Promise<void> {
    await this.press(this.selectors.cancel);
    await this.leave();
  }
}
