"""What the machine, not the author, is to blame for."""


class MachineError(Exception):
    """The machine refused: no space, not writable, a port in use, another build at work. One line says which."""
