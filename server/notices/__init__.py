"""通知: what waits, told once a working day to a group's robot, a program or a mailbox."""
