/** @jsxImportSource hono/jsx */
import { Document } from './document.tsx';

interface StepsProps {
  /** Scheme, host and port of this site, as in `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** Where to go once signed in. */
  readonly next: string;
  /** `user` chats on Autopilot; `viewer` reads the pages. */
  readonly reader: 'user' | 'viewer';
}

/** The ways in, for a person and for a program. */
export function SignInSteps({ origin, next, reader }: StepsProps) {
  return (
    <>
      <ol class="steps">
        <li>
          <strong>On your own machine:</strong> run <code>npm run dev</code> and open the link that it prints.
          It signs this browser in and leads back here.
        </li>
        {reader === 'user' ? (
          <li>
            <strong>From a test or a script:</strong> log in with the E2E secret, and keep the cookie.
            <pre>
              <code>{`curl -c cookies.txt ${origin}/api/auth/e2e/login \\
  -H "authorization: Bearer $OA_E2E_BYPASS_SECRET" \\
  -H "content-type: application/json" \\
  -d '{"userId":"ada","name":"Ada"}'`}</code>
            </pre>
          </li>
        ) : (
          <li>
            <strong>From a script:</strong> send the admin secret.
            <pre>
              <code>{`curl "${origin}${next}${next.includes('?') ? '&' : '?'}format=json" \\
  -H "authorization: Bearer $OA_DSE_ADMIN_SECRET"`}</code>
            </pre>
          </li>
        )}
      </ol>
      <p>
        Done? <a href={next}>Load the page again</a>.
      </p>
    </>
  );
}

/** The 401 page of `/dse`: says why nothing is shown and how to get in. */
export function SignInNeeded({ origin, next }: Omit<StepsProps, 'reader'>) {
  return (
    <Document title="Sign in to read this page" here="none">
      <main id="main" class="page narrow">
        <h1>Sign in to read this page</h1>
        <p class="lead">What happened at night is shown to people with the viewer role only.</p>
        <SignInSteps origin={origin} next={next} reader="viewer" />
      </main>
    </Document>
  );
}
