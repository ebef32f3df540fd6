// A directory of three people on the loopback address, over TLS: node ldap_server.cjs <certificate> <key> <mode>
// Prints its port when it listens. Mode "plain" speaks no TLS, "silent" answers no search, "referral" points elsewhere.
const ldap = require('ldapjs')
const fs = require('fs')

const [certificate, key, mode] = process.argv.slice(2)
const BASE = 'ou=people,dc=example,dc=cn'
const READER = 'cn=reader,dc=example,dc=cn'
const people = {
  [`uid=zhangsan,${BASE}`]: { password: 'right-password', attributes: { uid: 'zhangsan', cn: '学员甲', mobile: '138 0000 0001' } },
  [`uid=lisi,${BASE}`]: { password: 'second-password', attributes: { uid: 'lisi', cn: '学员乙', mobile: '' } },
  [`uid=wangwu,${BASE}`]: { password: 'third-password', attributes: { uid: ['wangwu', 'lisi2', 'twin'], cn: '学员丙' } },
  [`uid=zhaoliu,${BASE}`]: { password: 'fourth-password', attributes: { uid: ['zhaoliu', 'twin'], cn: '学员丁' } }
}
const plain = text => text.replace(/\s*,\s*/g, ',').toLowerCase()
const server = mode === 'plain'
  ? ldap.createServer()
  : ldap.createServer({ certificate: fs.readFileSync(certificate, 'utf8'), key: fs.readFileSync(key, 'utf8') })

server.bind('dc=example,dc=cn', (req, res, next) => {
  const dn = plain(req.dn.toString())
  const known = dn === READER ? 'reader-password' : people[dn] && people[dn].password
  // RFC 4513 5.1.2: a name without a password is an anonymous bind that succeeds; a careless client takes it for a proof
  if (req.credentials === '') { res.end(); return next() }
  if (!known || known !== req.credentials) return next(new ldap.InvalidCredentialsError())
  res.end()
  return next()
})

server.search('dc=example,dc=cn', (req, res, next) => {
  if (plain(req.connection.ldap.bindDN.toString()) !== READER) return next(new ldap.InsufficientAccessRightsError())
  if (mode === 'silent') return
  if (mode === 'referral') { res.send(res.createSearchReference ? res.createSearchReference({ uris: ['ldap://10.0.0.1/'] }) : {}) }
  let sent = 0
  for (const [dn, one] of Object.entries(people)) {
    const entry = { dn, attributes: { objectclass: ['person'], ...one.attributes } }
    if (req.filter.matches(entry.attributes) && sent < 2) { res.send(entry); sent += 1 }
  }
  res.end()
  return next()
})

server.on('error', () => {}) // whoever speaks TLS to a plain port
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
