import QtQuick
import QtQuick.Templates as T
import Kiosk

// Whatever can be touched: told to assistive technology by name, with a ring when the keypad walks onto it.
T.AbstractButton {
    id: root

    property real radius: Sizes.radiusButton

    Accessible.checked: root.checked
    Accessible.name: root.text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    hoverEnabled: false
    implicitHeight: Math.max(Sizes.targetMinimum, root.implicitContentHeight + root.topPadding + root.bottomPadding)
    implicitWidth: Math.max(Sizes.targetMinimum, root.implicitContentWidth + root.leftPadding + root.rightPadding)

    Rectangle {
        anchors.fill: parent
        anchors.margins: -7
        border.color: Theme.focus
        border.width: 5
        color: "transparent"
        radius: root.radius + 7
        visible: root.visualFocus
    }
}
