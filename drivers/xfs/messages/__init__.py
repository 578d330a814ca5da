"""Every message this program and its clients speak, one module an XFS4IoT interface.

Modules of the standard's interfaces follow CWA 17852; ``resident_id``, ``paper_job``, ``dispenser``,
``face_camera``, ``signing_card``, ``tax_control``, ``signature_pad``, ``care`` and ``supervision`` are interfaces of
our own in the same shape.
"""
