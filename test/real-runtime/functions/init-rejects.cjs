require('@expressway/no-such-package')
