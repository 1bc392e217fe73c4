// What all clients' scripts share: the settings, and a user who signs in without a browser.
import { readFileSync } from 'node:fs';

export const settings = JSON.parse(readFileSync(0, 'utf8'));

// Sign the user in, follow the client's own authorization URL, return where it leads.
export async function signedIn(authorizationUrl) {
  const answer = await fetch(`${settings.url}/api/v1/authn`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: settings.login, password: settings.password }),
  });
  const url = new URL(authorizationUrl);
  url.searchParams.set('sessionToken', (await answer.json()).sessionToken);
  return redirected(url);
}

// The address of a redirect.
export async function redirected(url, headers = {}) {
  const answer = await fetch(url, { redirect: 'manual', headers });
  if (answer.status !== 302) {
    throw new Error(`${answer.status}: ${await answer.text()}`);
  }
  return answer.headers.get('Location');
}

// The words of the error that `promise` ends in.
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return [error.error, error.message, error.userMessage].filter(Boolean).join(': ');
  }
  return 'accepted';
}

export function tell(account) {
  console.log(JSON.stringify(account));
}
