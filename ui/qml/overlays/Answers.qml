import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Two answers as verbs: the other one left, the main one right (one above the other where words are large).
GridLayout {
    id: root

    property string main
    property string mainName
    property string other
    property string otherName

    signal mainPressed
    signal otherPressed

    columnSpacing: Sizes.gap
    columns: Theme.elder && !Theme.landscape ? 1 : 2
    rowSpacing: Sizes.gap

    MainButton {
        Layout.column: root.columns === 1 || root.other === "" ? 0 : 1
        Layout.columnSpan: root.other === "" ? root.columns : 1
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: 120
        Layout.row: 0
        arrow: false
        objectName: root.mainName
        text: root.main

        onClicked: root.mainPressed()
    }
    SecondButton {
        Layout.column: 0
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: 100
        Layout.row: root.columns === 1 ? 1 : 0
        implicitHeight: Sizes.targetMain
        objectName: root.otherName
        radius: Sizes.radiusMain
        text: root.other
        visible: root.other !== ""

        onClicked: root.otherPressed()
    }
}
