import QtQuick
import Kiosk

// A sheet of the desk: surface, hairline, no shadow.
Rectangle {
    border.color: Theme.line
    border.width: Theme.elder ? 3 : 2
    color: Theme.surface
    radius: Sizes.radiusCard
}
