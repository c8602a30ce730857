// Loads the library when it is called, not before. See docs/decisions/012-libraries-behind-doors.md.
module.exports = () => require('negotiator')
