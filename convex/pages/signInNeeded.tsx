/** @jsxImportSource hono/jsx */
import { documentHtml } from './document.tsx';
import { pageOf } from './wording/links.ts';

/** The 401 page of `/dse`: says why nothing is shown and how to get in, and what was wrong with a token. A whole document. */
export function SignInNeeded({ problem }: { problem?: string }) {
  return documentHtml({
    title: 'Sign in to read this page',
    here: 'none',
    children: (
      <main id="main" class="page narrow" data-signed-in="false">
        <h1>Sign in to read this page</h1>
        {problem !== undefined && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        <p class="lead">What happens at night is shown to people with the viewer role only.</p>
        <form method="post" action={pageOf.signIn} class="sign-in">
          <label for="token">Link or token that you were given</label>
          <input id="token" name="token" type="password" autocomplete="off" required />
          <button type="submit">Sign in</button>
        </form>
        <ol class="steps">
          <OnYourMachine />
          <li>
            <strong>From a script:</strong> ask for the same page as JSON, with the admin secret.
            <pre>
              <code>{`curl "$BASE_URL/dse?format=json" \\
  -H "Authorization: Bearer $OA_DSE_ADMIN_SECRET"`}</code>
            </pre>
          </li>
        </ol>
        <Again />
      </main>
    ),
  });
}

/** What a visitor of the chat sees without a session. A whole document. */
export function AutopilotSignIn() {
  return documentHtml({
    title: 'Sign in to Autopilot',
    here: 'autopilot',
    children: (
      <main id="main" class="page narrow" data-signed-in="false" data-ready="true">
        <h1>You are not signed in</h1>
        <p class="lead">Autopilot keeps one conversation for each person, so it has to know who you are.</p>
        <ol class="steps">
          <OnYourMachine />
          <li>
            <strong>From a test or a script:</strong> log in with the E2E secret, and keep the cookie.
            <pre>
              <code>{`curl -c cookies.txt "$BASE_URL/api/auth/e2e/login" \\
  -H "Authorization: Bearer $OA_E2E_BYPASS_SECRET" \\
  -H "Content-Type: application/json" \\
  -d '{"userId":"ada","name":"Ada"}'`}</code>
            </pre>
          </li>
        </ol>
        <Again />
      </main>
    ),
  });
}

function OnYourMachine() {
  return (
    <li>
      <strong>On your own machine:</strong> run <code>npm run dev</code> and open the link that it prints. It
      signs this browser in.
    </li>
  );
}

function Again() {
  return (
    <p>
      Done? <a href="?">Load this page again</a>.
    </p>
  );
}
