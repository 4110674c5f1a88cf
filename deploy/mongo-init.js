// Run by mongosh at every start of the compose file, and done at once when nothing is to do: a replica set of one,
// and a user with rights on the village's own database only.
const { MONGO_ROOT_PASSWORD, MONGO_PASSWORD } = process.env;
const admin = new Mongo(
  `mongodb://root:${encodeURIComponent(MONGO_ROOT_PASSWORD)}@mongo:27017/?directConnection=true&authSource=admin`,
).getDB('admin');

try {
  admin.adminCommand({ replSetGetStatus: 1 });
} catch (fault) {
  if (fault.codeName !== 'NotYetInitialized') throw fault;
  admin.adminCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] } });
}
for (let tries = 0; !admin.hello().isWritablePrimary; tries++) {
  if (tries === 120) throw new Error('no primary within a minute');
  sleep(500);
}

const village = admin.getSiblingDB('cunkou');
if (village.getUser('cunkou') === null) {
  village.createUser({ user: 'cunkou', pwd: MONGO_PASSWORD, roles: [{ role: 'readWrite', db: 'cunkou' }] });
} else {
  village.updateUser('cunkou', { pwd: MONGO_PASSWORD });
}
