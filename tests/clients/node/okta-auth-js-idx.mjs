// Every flow of `idx.*`, each with a client and a user of its own: what the library said of it.
import { createHmac } from 'node:crypto';
import { refused, settings, tell } from './org.mjs';

const { OktaAuth } = await import(settings.library);

// A client that remembers its transaction, and no other client's.
function client(clientId = settings.spa) {
  const kept = new Map();
  return new OktaAuth({
    issuer: settings.issuer,
    clientId,
    redirectUri: settings.redirect_uri,
    scopes: settings.scope.split(' '),
    storageManager: {
      transaction: {
        storageProvider: {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, value) => kept.set(key, value),
          removeItem: (key) => kept.delete(key),
        },
      },
    },
    ...(settings.legacy && { idx: { enableLegacyMode: true } }),
  });
}

// Begin a flow. Where the library fills in one form at a time, the first one is named.
function begin(auth, flow, step, values = {}) {
  return auth.idx[flow](settings.chains ? values : { ...values, ...(step && { step }) });
}

function proceed(auth, transaction, values = {}) {
  const step = settings.chains ? {} : { step: transaction.nextStep.name };
  return auth.idx.proceed({ ...values, ...step });
}

function signIn(auth, login, more = {}) {
  const values = { username: login, password: settings.password, ...more };
  return begin(auth, 'authenticate', 'identify', values);
}

// Where a transaction stands, in the library's words.
function standing({ status, nextStep, messages, tokens }) {
  return {
    status,
    step: nextStep?.name,
    inputs: nextStep?.inputs?.map(({ name }) => name),
    options: (nextStep?.options ?? nextStep?.inputs?.[0]?.options)?.map(({ label }) => label),
    said: messages?.map(({ i18n, message }) => [i18n?.key, message]),
    subject: tokens?.idToken.claims.sub,
    login: tokens?.idToken.claims.preferred_username,
    amr: tokens?.idToken.claims.amr,
  };
}

async function control(path, body, method = 'POST') {
  const answer = await fetch(`${settings.url}/_mock/${path}`, body && {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.json();
}

// The last message to that address or number.
async function received(to) {
  const { messages } = await control('outbox');
  return messages.findLast((message) => message.to === to);
}

// How many calls of the Identity Engine a transaction took.
async function callsOf({ context }) {
  const { requests } = await control('requests');
  const ofIt = ({ path, body }) => path.startsWith('/idp/idx/') && body.includes(context.stateHandle);
  return requests.filter(ofIt).length;
}

async function answerPush(login, answer) {
  const { pushes } = await control(`push?user=${login}`);
  return control(`push/${pushes.at(-1).id}`, { answer });
}

async function passcodeOf(login) {
  const [{ users }, { now }] = [await control('org'), await control('clock')];
  const { factors } = users.find((user) => user.login === login);
  return totp(factors.find(({ factor }) => factor === 'google_otp').secret, new Date(now));
}

function totp(secret, now) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((each) => letters.indexOf(each).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// Choose an authenticator, and a way to use it where the library asks for one.
async function chosen(auth, transaction, key, methodType) {
  const asks = ({ nextStep }) => nextStep?.name === 'authenticator-verification-data';
  const list = transaction.nextStep.name.startsWith('select-authenticator');
  const after = list
    ? await proceed(auth, transaction, { authenticator: key })
    : transaction;
  return asks(after) ? proceed(auth, after, { methodType }) : after;
}

const flows = {
  async password() {
    const auth = client();
    const done = await signIn(auth, settings.login);
    const user = await auth.token.getUserInfo(done.tokens.accessToken, done.tokens.idToken);
    const spent = { ...done.meta, interactionCode: done.interactionCode };
    return {
      ...standing(done),
      user: user.preferred_username,
      spent: await refused(auth.token.exchangeCodeForTokens(spent)),
      remembers: auth.idx.canProceed(),
    };
  },

  async wrongPassword() {
    const auth = client();
    const wrong = await signIn(auth, settings.login, { password: 'wrong' });
    const again = await proceed(auth, { nextStep: { name: 'identify' } }, {
      username: settings.login, password: settings.password,
    });
    return { wrong: standing(wrong), again: standing(again) };
  },

  // The name first, and the password on the next screen.
  async onDemand() {
    const auth = client();
    const first = settings.chains
      ? await auth.idx.authenticate()
      : await auth.idx.startTransaction({ flow: 'authenticate' });
    const done = await proceed(auth, { nextStep: { name: 'identify' } }, {
      username: settings.login, password: settings.password,
    });
    return { first: standing(first), done: standing(done) };
  },

  async email() {
    const auth = client();
    const listed = await signIn(auth, 'email@example.com');
    const sent = await chosen(auth, listed, 'okta_email', 'email');
    const wrong = await proceed(auth, sent, { verificationCode: '000000' });
    const { passcode } = await received('email@example.com');
    const done = await proceed(auth, wrong, { verificationCode: passcode });
    return {
      listed: standing(listed), sent: standing(sent), wrong: standing(wrong), done: standing(done),
    };
  },

  async resend() {
    const auth = client();
    const sent = await chosen(auth, await signIn(auth, 'resend@example.com'), 'okta_email', 'email');
    const first = await received('resend@example.com');
    await control('clock/advance', { seconds: 60 });
    const again = await auth.idx.proceed(
      settings.chains ? { resend: true } : { actions: ['currentAuthenticatorEnrollment-resend'] },
    );
    const second = await received('resend@example.com');
    const done = await proceed(auth, again, { verificationCode: second.passcode });
    return {
      can: sent.nextStep.canResend, another: first.id !== second.id, done: standing(done),
    };
  },

  async sms() {
    const auth = client();
    const listed = await signIn(auth, 'sms@example.com');
    const sent = await chosen(auth, listed, 'phone_number', 'sms');
    const { passcode } = await received(settings.phone);
    const done = await proceed(auth, sent, { verificationCode: passcode });
    return { sent: standing(sent), done: standing(done) };
  },

  async google() {
    const auth = client();
    const asked = await chosen(auth, await signIn(auth, 'google@example.com'), 'google_otp');
    const wrong = await proceed(auth, asked, { verificationCode: '000000' });
    const passcode = await passcodeOf('google@example.com');
    const done = await proceed(auth, wrong, { verificationCode: passcode });
    return { wrong: standing(wrong), done: standing(done) };
  },

  // Several second factors: the list, one of them chosen, and then another one.
  async choice() {
    const auth = client();
    const listed = await signIn(auth, 'choice@example.com');
    const first = await chosen(auth, listed, 'google_otp');
    const other = settings.chains
      ? await auth.idx.proceed({ authenticator: 'okta_email', methodType: 'email' })
      : await chosen(
        auth,
        await auth.idx.proceed({
          step: 'select-authenticator-authenticate', authenticator: 'okta_email',
        }),
        'okta_email',
        'email',
      );
    const { passcode } = await received('choice@example.com');
    const done = await proceed(auth, other, { verificationCode: passcode });
    return { listed: standing(listed), first: standing(first), done: standing(done) };
  },

  async push() {
    const auth = client();
    const login = 'push@example.com';
    const listed = await signIn(auth, login);
    const sent = await chosen(auth, listed, 'okta_verify', 'push');
    // In steps, `idx.poll` passes none on: it is for sign-ins that the library fills in by itself.
    const poll = () => (settings.chains ? auth.idx.poll() : proceed(auth, sent));
    const waiting = await poll();
    await answerPush(login, 'approve');
    const done = await poll();
    return {
      sent: standing(sent),
      refresh: sent.nextStep.poll?.refresh,
      waiting: standing(waiting),
      done: standing(done),
    };
  },

  async rejectedPush() {
    const auth = client();
    const login = 'reject@example.com';
    const sent = await chosen(auth, await signIn(auth, login), 'okta_verify', 'push');
    await answerPush(login, 'deny');
    const rejected = settings.chains ? await auth.idx.poll() : await proceed(auth, sent);
    return standing(rejected);
  },

  // The e-mail's link is opened in another browser, which shows the code; a poll says no more.
  async emailPoll() {
    const auth = client();
    const login = 'poll@example.com';
    const sent = await chosen(auth, await signIn(auth, login), 'okta_email', 'email');
    const { link, passcode } = await received(login);
    const page = await fetch(link);
    const actions = ['currentAuthenticatorEnrollment-poll'];
    const waiting = await auth.idx.proceed({ actions });
    const done = await proceed(auth, sent, { verificationCode: passcode });
    return {
      refresh: sent.nextStep.poll?.refresh,
      page: page.status,
      waiting: standing(waiting),
      done: standing(done),
    };
  },

  async register() {
    const auth = client();
    const person = { firstName: 'New', lastName: 'Person', email: 'new@example.com' };
    const form = await begin(auth, 'register', 'select-enroll-profile');
    const weak = await proceed(auth, form, { ...person, password: 'short' });
    const taken = await proceed(auth, weak, {
      ...person, email: 'email@example.com', password: settings.password,
    });
    const enrols = await proceed(auth, taken, { ...person, password: settings.password });
    const { passcode } = await received(person.email);
    const done = await proceed(auth, enrols, { verificationCode: passcode });
    return {
      form: standing(form),
      weak: standing(weak),
      taken: standing(taken),
      enrols: standing(enrols),
      done: standing(done),
    };
  },

  async recoverPassword() {
    const auth = client();
    const login = 'forgetful@example.com';
    const asked = await begin(auth, 'recoverPassword');
    const listed = await proceed(auth, asked, { username: login });
    const sent = await chosen(auth, listed, 'okta_email', 'email');
    const wrong = await proceed(auth, sent, { verificationCode: '000000' });
    const { passcode } = await received(login);
    const resets = await proceed(auth, wrong, { verificationCode: passcode });
    const weak = await proceed(auth, resets, { password: 'short' });
    const done = await proceed(auth, resets, { password: 'another-Password-2' });
    const again = await signIn(client(), login, { password: 'another-Password-2' });
    return {
      asked: standing(asked),
      sent: standing(sent),
      wrong: standing(wrong),
      resets: standing(resets),
      weak: standing(weak),
      done: standing(done),
      again: standing(again),
    };
  },

  // All is said at once, the password first: the library goes through the list by itself.
  async recoverUpFront() {
    const auth = client();
    const login = 'phoned@example.com';
    const given = {
      username: login,
      authenticators: [{ key: 'okta_password' }, { key: 'okta_email', methodType: 'email' }],
      methodType: 'email',
    };
    const asked = await begin(auth, 'recoverPassword', undefined, settings.chains ? given : {});
    const listed = settings.chains ? asked : await proceed(auth, asked, { username: login });
    const sent = settings.chains ? asked : await chosen(auth, listed, 'okta_email', 'email');
    const { passcode } = await received(login);
    const resets = await proceed(auth, sent, { verificationCode: passcode });
    const done = await proceed(auth, resets, { password: 'another-Password-2' });
    return {
      sent: standing(sent),
      done: standing(done),
      calls: await callsOf(resets),
    };
  },

  async unlockAccount() {
    const auth = client();
    const login = 'locked@example.com';
    const locked = await signIn(client(), login);
    const listed = await begin(auth, 'unlockAccount');
    const values = { username: login, authenticator: 'okta_email' };
    const sent = await proceed(auth, listed, values);
    const { passcode } = await received(login);
    const done = await proceed(auth, sent, { verificationCode: passcode });
    const again = await signIn(client(), login);
    return {
      locked: standing(locked),
      listed: standing(listed),
      sent: standing(sent),
      done: standing(done),
      again: standing(again),
    };
  },

  async startTransaction() {
    const auth = client();
    const begun = await auth.idx.startTransaction(
      settings.chains ? { autoRemediate: false } : {},
    );
    return {
      features: begun.enabledFeatures,
      steps: begun.availableSteps.map(({ name, action }) => name || action),
      status: begun.status,
      remembers: auth.idx.canProceed(),
    };
  },

  async interactAndIntrospect() {
    const auth = client();
    const { interactionHandle, meta } = await auth.idx.interact();
    const first = await auth.idx.introspect({ interactionHandle });
    const again = await auth.idx.introspect({ interactionHandle });
    const unknown = await auth.idx.introspect({ interactionHandle: 'nothing' }).catch((e) => e);
    return {
      state: meta.state.length > 0,
      same: first.rawIdxState.stateHandle === again.rawIdxState.stateHandle,
      forms: first.neededToProceed.map(({ name }) => name),
      unknown: [unknown.name, unknown.xhr?.status],
    };
  },

  async cancel() {
    const auth = client();
    await signIn(auth, 'email@example.com');
    const canceled = await auth.idx.cancel();
    const remembers = auth.idx.canProceed();
    const after = await signIn(auth, settings.login);
    return { canceled: standing(canceled), remembers, after: standing(after) };
  },

  // The e-mail's link leads to the app, in the browser that began and in another one.
  async emailCallback() {
    const auth = client(settings.linked_spa);
    const login = 'linked@example.com';
    await chosen(auth, await signIn(auth, login), 'okta_email', 'email');
    const { link } = await received(login);
    const opened = await fetch(link, { redirect: 'manual' });
    const { origin, pathname, search } = new URL(opened.headers.get('Location'));
    const elsewhere = await client(settings.linked_spa).idx
      .handleEmailVerifyCallback(search).catch((error) => error);
    const done = settings.chains
      ? await auth.idx.handleEmailVerifyCallback(search)
      : await auth.idx.proceed({
        step: 'challenge-authenticator', ...auth.idx.parseEmailVerifyCallback(search),
      });
    return {
      page: origin + pathname,
      isCallback: auth.idx.isEmailVerifyCallback(search),
      elsewhere: [auth.idx.isEmailVerifyCallbackError(elsewhere), elsewhere.message],
      otp: auth.idx.parseEmailVerifyCallback(search).otp,
      done: standing(done),
    };
  },

  // From here on nobody has to prove the address that they register with.
  async registerAtOnce() {
    await control('seed', { registration: { activation_email: false } }, 'PUT');
    const auth = client();
    const form = await begin(auth, 'register', 'select-enroll-profile');
    const done = await proceed(auth, form, {
      firstName: 'Other', lastName: 'Person', email: 'other-new@example.com',
      password: settings.password,
    });
    return standing(done);
  },

  // From here on the form has no password: it is set next, and the address proved.
  async registerByProfile() {
    await control('seed', { registration: { activation_email: true, asks_password: false } }, 'PUT');
    const auth = client();
    const person = { firstName: 'Third', lastName: 'Person', email: 'third-new@example.com' };
    const form = await begin(auth, 'register', 'select-enroll-profile');
    const listed = await proceed(auth, form, person);
    const asked = await proceed(auth, listed, { authenticator: 'okta_password' });
    const weak = await proceed(auth, asked, { password: 'short' });
    const left = await proceed(auth, weak, { password: settings.password });
    const sent = await proceed(auth, left, { authenticator: 'okta_email' });
    const { passcode } = await received(person.email);
    const done = await proceed(auth, sent, { verificationCode: passcode });
    return {
      form: standing(form),
      listed: standing(listed),
      weak: standing(weak),
      left: standing(left),
      sent: standing(sent),
      done: standing(done),
      again: standing(await signIn(client(), person.email)),
    };
  },

  // From here on the org asks for the name alone, on its first page.
  async identifierFirst() {
    await control('seed', settings.name_first, 'PUT');
    const auth = client();
    const named = settings.chains
      ? undefined
      : await auth.idx.authenticate({ step: 'identify', username: settings.login });
    const given = (password) => (settings.chains
      ? auth.idx.authenticate({ username: settings.login, password })
      : proceed(auth, named, { password }));
    const wrong = await given('wrong');
    const done = await given(settings.password);
    return { named: named && standing(named), wrong: standing(wrong), done: standing(done) };
  },

  // No password: an e-mail's code, and the answer to a question.
  async question() {
    const auth = client();
    const login = 'question@example.com';
    const listed = await begin(auth, 'authenticate', 'identify', { username: login });
    const sent = await chosen(auth, listed, 'okta_email', 'email');
    const { passcode } = await received(login);
    const asks = await proceed(auth, sent, { verificationCode: passcode });
    const asked = await chosen(auth, asks, 'security_question');
    const wrong = await proceed(auth, asked, { answer: 'broccoli' });
    const done = await proceed(auth, asked, { answer: 'sprouts' });
    return {
      listed: standing(listed),
      asks: standing(asks),
      asked: standing(asked),
      wrong: standing(wrong),
      done: standing(done),
    };
  },
};

const accounts = {};
for (const [name, flow] of Object.entries(flows)) {
  try {
    accounts[name] = await flow();
  } catch (error) {
    accounts[name] = { error: error.stack };
  }
}
tell(accounts);
process.exit(0); // the library's timers would keep the process
