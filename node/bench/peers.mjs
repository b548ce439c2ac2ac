// The same work done by each peer and by this package: what a person would write who has no client.

const { ICEPANEL_BENCH_URL: url } = process.env
export const KEY = 'sandbox:5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5'
const invites = `${url}/organizations/sandbox/users/invites`
const headers = { 'x-api-key': KEY, accept: 'application/json' }
const json = { ...headers, 'content-type': 'application/json' }

const body = () =>
  JSON.stringify({
    email: 'ada@example.com',
    permission: 'read',
    expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  })

/** `get` resolves to the parsed list, `post` to the parsed answer of a create. */
const transports = {
  async fetch() {
    return {
      get: async () => JSON.parse(await (await fetch(invites, { headers })).text()),
      post: async () => JSON.parse(await (await fetch(invites, { method: 'POST', headers: json, body: body() })).text()),
    }
  },
  async undici() {
    const { request } = await import('undici')
    return {
      get: async () => JSON.parse(await (await request(invites, { headers })).body.text()),
      post: async () => JSON.parse(await (await request(invites, { method: 'POST', headers: json, body: body() })).body.text()),
    }
  },
  async axios() {
    const { default: axios } = await import('axios')
    // The default of axios parses by JSON.parse.
    return {
      get: async () => (await axios.get(invites, { headers })).data,
      post: async () => (await axios.post(invites, body(), { headers: json })).data,
    }
  },
}

const TIMES = ['expiresAt', 'createdAt', 'revokedAt', 'usedAt']

function withDates(invite) {
  for (const name of TIMES) if (invite[name] != null) invite[name] = new Date(invite[name])
  return invite
}

async function peer(name) {
  const { get, post } = await transports[name]()
  const list = async () => (await get()).organizationUserInvites
  return {
    all: async () => (await list()).map(withDates),
    ten: async (places) => {
      const all = await list()
      return places.map((place) => withDates(all[place]))
    },
    find: async (email) => {
      const wanted = email.toLowerCase()
      const now = Date.now()
      const found = (await list()).find(
        (invite) =>
          invite.email.toLowerCase() === wanted && !invite.usedAt && !invite.revokedAt && Date.parse(invite.expiresAt) > now,
      )
      return withDates(found)
    },
    create: async () => withDates((await post()).organizationUserInvite),
  }
}

async function ours() {
  const { InviteClient } = await import('icepanel-invites')
  const client = new InviteClient({ apiKey: KEY, organizationId: 'sandbox', baseUrl: url, pacing: 'none' })
  return {
    all: () => client.list(),
    ten: async (places) => {
      const all = await client.list()
      return places.map((place) => all[place])
    },
    find: (email) => client.findActive(email),
    create: () => client.create({ email: 'ada@example.com', permission: 'read', expires: { days: 7 } }),
  }
}

export function open(name) {
  return name === 'icepanel-invites' ? ours() : peer(name)
}
