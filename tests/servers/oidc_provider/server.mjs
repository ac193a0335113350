// Two issuers on the certified oidc-provider, for the tests alone: /…/userinfo keeps the person's claims in the userinfo answer, as
// Nets eID Broker does; the other puts them in the ID token, as Idura does. Both demand PKCE and sign with ES256.
//
// Told on standard input, as JSON: the portal's address, the clients and the persons. Says one line, the issuers' addresses, and
// serves until standard input is closed or it is ended.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const LEVELS = ['low', 'substantial', 'high'];
const NSIS = { low: 'Low', substantial: 'Substantial', high: 'High' };

let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(0));
while (!text.includes('\n')) [text] = [text + (await once(process.stdin, 'data'))[0]];
process.stdin.resume();
const told = JSON.parse(text);

const KINDS = {
  userinfo: {
    inIdToken: false,
    scopes: ['openid', 'mitid', 'ssn'],
    claims: { openid: ['sub'], mitid: ['loa', 'idp', 'identity_type', 'mitid.identity_name'], ssn: ['dk.cpr'] },
    acr: (level) => `https://data.gov.dk/concept/core/nsis/${NSIS[level]}`,
    about: (person, acr) => ({ loa: acr, idp: 'mitid', identity_type: person.kind, 'mitid.identity_name': person.name, 'dk.cpr': person.cpr }),
  },
  id_token: {
    inIdToken: true,
    scopes: ['openid'],
    claims: { openid: ['sub', 'identityscheme', 'cprNumberIdentifier', 'name'] },
    acr: (level) => `urn:grn:authn:dk:mitid:${level}`,
    about: (person) => ({ identityscheme: 'dkmitid', name: person.name, cprNumberIdentifier: person.cpr }),
  },
};

function signingKey() {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return { ...jwk, use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') };
}

function configuration(kind) {
  return {
    acrValues: LEVELS.map(kind.acr),
    claims: { acr: null, auth_time: null, iss: null, sid: null, ...kind.claims },
    clients: told.clients.map((client) => ({
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [`${told.portal}/login/callback`],
      post_logout_redirect_uris: [`${told.portal}/logged-out`],
      backchannel_logout_uri: `${told.portal}/logout/backchannel`,
      backchannel_logout_session_required: true,
      id_token_signed_response_alg: 'ES256',
      ...client,
    })),
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    conformIdTokenClaims: !kind.inIdToken,
    cookies: { keys: [randomBytes(16).toString('hex')] },
    extraParams: ['idp_values', 'idp_params', 'language'],
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // This machine's own addresses are kept from being called; here they are all there is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    findAccount: (ctx, id) => told.persons[id] && {
      accountId: id,
      claims: () => ({ sub: id, ...kind.about(told.persons[id], ctx.oidc.session?.acr ?? reached.get(id)) }),
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: [signingKey()] },
    // Nobody is asked whether the portal may know who they are: they came to say it.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider, params } = ctx.oidc;
      const found = session.grantIdFor(client.clientId);
      if (found) return provider.Grant.find(found);
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(params.scope);
      grant.addOIDCClaims(['acr', 'auth_time']);
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    scopes: kind.scopes,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
  };
}

// The level a person last logged in with: the userinfo answer is given where no session is.
const reached = new Map();

async function form(request) {
  let body = '';
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}

// The login page: a GET says what is asked, a POST logs `person` in at `level`, or stops.
async function interact(provider, kind, request, response) {
  const { prompt } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') return response.end(`login page: ${prompt.name}`);
  const chosen = await form(request);
  if (chosen.has('stop')) return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'mitid_user_aborted' });
  const acr = kind.acr(chosen.get('level'));
  reached.set(chosen.get('person'), acr);
  return provider.interactionFinished(request, response, { login: { accountId: chosen.get('person'), acr, remember: true } });
}

async function serve(kind) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration(kind));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    return interact(provider, kind, request, response).catch((error) => response.writeHead(400).end(String(error)));
  });
  return issuer;
}

const issuers = {};
for (const [name, kind] of Object.entries(KINDS)) issuers[name] = await serve(kind);
process.stdout.write(`${JSON.stringify(issuers)}\n`);
